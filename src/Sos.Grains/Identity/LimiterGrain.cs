using Orleans;
using Sos.Contracts.Identity;

namespace Sos.Grains.Identity;

[GrainType("sos.limiter")]
internal sealed class LimiterGrain(TimeProvider time) : Grain, ILimiterGrain
{
    // Oldest first, never more than the rule's most.
    private readonly List<DateTimeOffset> _taken = [];

    Task<LimitAnswer> ILimiterGrain.Take(LimitRule rule)
    {
        var now = time.GetUtcNow();
        _taken.RemoveAll(at => now >= at + rule.Window || at > now);
        if (_taken.Count >= rule.Most) return Task.FromResult(new LimitAnswer(_taken[0] + rule.Window - now));
        _taken.Add(now);
        // What is remembered must outlast the window.
        DelayDeactivation(rule.Window);
        return Task.FromResult(new LimitAnswer(TimeSpan.Zero));
    }

    Task ILimiterGrain.Give()
    {
        if (_taken.Count > 0) _taken.RemoveAt(_taken.Count - 1);
        return Task.CompletedTask;
    }
}
