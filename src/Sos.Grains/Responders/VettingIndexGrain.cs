using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Responders;
using Sos.Grains.State;

namespace Sos.Grains.Responders;

[GrainType("sos.vetting-index")]
internal sealed partial class VettingIndexGrain(
    [PersistentState("applicants", StorageNames.Records)] IPersistentState<VettingIndexState> record,
    ILogger<VettingIndexGrain> logger) : Grain, IVettingIndexGrain
{
    /// <summary>Most applicants listed: 50 KB.</summary>
    private const int Most = 500;

    /// <inheritdoc/>
    public async Task Put(Applicant applicant, bool waits)
    {
        var applicants = record.State.Applicants;
        if (applicants.RemoveAll(a => a.User == applicant.User) == 0 && !waits) return;
        if (waits && applicants.Count < Most) applicants.Add(applicant);
        else if (waits) LogFull(Most);
        await Write();
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Applicant>> List() => Task.FromResult<ImmutableArray<Applicant>>([.. record.State.Applicants]);

    private Task Write() => this.WriteOrLeave(record);

    [LoggerMessage(1312, LogLevel.Warning, "{Most} people wait to be vetted; one more is found by her id only.")]
    private partial void LogFull(int most);
}
