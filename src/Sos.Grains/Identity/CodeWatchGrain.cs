using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Identity;

[GrainType("sos.code-watch")]
internal sealed partial class CodeWatchGrain(
    [PersistentState("code-watch", StorageNames.Records)] IPersistentState<CodeWatchState> record,
    TimeProvider time,
    IOptions<IdentityOptions> options,
    ILogger<CodeWatchGrain> logger) : Grain, ICodeWatchGrain
{
    /// <summary>The last hour lives in this activation only.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private CodeWatchRules _rules = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _rules = new CodeWatchRules(record.State, options.Value);
        return Task.CompletedTask;
    }

    async Task<CodeWatchAnswer> ICodeWatchGrain.TakeSend()
    {
        var (answer, write) = _rules.TakeSend(time.GetUtcNow());
        if (write) await Write();
        return Tell(answer);
    }

    Task<CodeWatchAnswer> ICodeWatchGrain.NoteCheck(bool good) => Task.FromResult(Tell(_rules.NoteCheck(good, time.GetUtcNow())));

    Task<CodeWatchView> ICodeWatchGrain.View() => Task.FromResult(_rules.View(time.GetUtcNow()));

    private CodeWatchAnswer Tell(CodeWatchAnswer answer)
    {
        DelayDeactivation(Remembered);
        if (answer.Raised is { } alarm) LogAlarm(alarm);
        return answer;
    }

    private Task Write() => this.WriteOrLeave(record);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Alarm over one-time codes: {Alarm}")]
    private partial void LogAlarm(CodeAlarm alarm);
}
