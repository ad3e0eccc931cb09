using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Responders;

namespace Sos.Grains.Responders;

/// <summary>
/// One bucket of an area's responders on duty. Its methods interleave, so that a shift of thousands shares a few writes instead of
/// rewriting the bucket for each; every caller is answered after a write that holds her.
/// </summary>
[GrainType("sos.responders.roster-index")]
internal sealed partial class RosterIndexGrain(
    [PersistentState("roster", StorageNames.Records)] IPersistentState<RosterState> roster,
    IOptions<ResponderOptions> options,
    TimeProvider time,
    ILogger<RosterIndexGrain> logger) : Grain, IRosterIndexGrain
{
    private readonly HashSet<string> _asking = [];
    private HashSet<Guid> _listed = [];
    private Task? _writing;
    private bool _changed;
    private IGrainTimer? _round;
    private bool _roundDue;
    private DateTimeOffset _lastRound;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _listed = roster.State.Unpack();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Add(Guid responder)
    {
        if (_listed.Count >= RosterState.Most && !_listed.Contains(responder))
        {
            // She is in her cell by her own reports; only after a restart she comes with the first of them and not at once.
            LogRosterFull(RosterState.Most);
            return Task.CompletedTask;
        }

        return _listed.Add(responder) ? Written() : Pending();
    }

    /// <inheritdoc/>
    public Task Remove(Guid responder) => _listed.Remove(responder) ? Written() : Pending();

    /// <inheritdoc/>
    public Task Announce(string cell)
    {
        if (_listed.Count == 0) return Task.CompletedTask;
        _asking.Add(cell);
        if (_roundDue) return Task.CompletedTask;
        _roundDue = true;
        _round ??= this.RegisterGrainTimer(
            Round, new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        var wait = _lastRound + options.Value.AnnounceEvery - time.GetUtcNow();
        _round.Change(wait > options.Value.AnnounceAfter ? wait : options.Value.AnnounceAfter, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    // Everybody is asked once for all the cells that wait, since each of them would else ask everybody of the area.
    private async Task Round()
    {
        _lastRound = time.GetUtcNow();
        _roundDue = false;
        var cells = _asking.Order(StringComparer.Ordinal).ToArray();
        _asking.Clear();
        foreach (var responder in _listed.ToArray())
        {
            await GrainFactory.GetGrain<IResponderGrain>(responder).Announce([.. cells]);
        }
    }

    private Task Pending() => _writing is { IsCompleted: false } ? _writing : Task.CompletedTask;

    private Task Written()
    {
        _changed = true;
        if (_writing is not { IsCompleted: false }) _writing = WriteAll();
        return _writing;
    }

    // What changes during a write is in the next; who waits, waits for the last of them.
    private async Task WriteAll()
    {
        try
        {
            while (_changed)
            {
                _changed = false;
                roster.State.Pack(_listed);
                await roster.WriteStateAsync();
            }
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A roster bucket holds {Most} responders and takes no more.")]
    private partial void LogRosterFull(int most);
}
