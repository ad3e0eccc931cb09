using System.Collections.Concurrent;

namespace Sos.Server.Alerts;

/// <summary>
/// Presses that this process is taking or has just taken, by person. The person's grain learns of an alert from the alert's outbox, some
/// milliseconds later; until then a second press (app and tracker, two connections) is merged by what is known here.
/// </summary>
internal sealed class RecentPresses(TimeProvider time)
{
    /// <summary>By then the outbox has told the person's grain.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private const int TidyEvery = 4_096;
    private readonly ConcurrentDictionary<Guid, Slot> _slots = new();
    private int _claims;

    /// <summary>The press that is the person's present one: this, or one that came shortly before.</summary>
    public Slot Claim(Guid victim, Guid alertId)
    {
        if (Interlocked.Increment(ref _claims) % TidyEvery == 0) Tidy();
        var mine = new Slot(alertId, time.GetUtcNow());
        while (true)
        {
            var present = _slots.GetOrAdd(victim, mine);
            if (ReferenceEquals(present, mine) || present.At + Life > mine.At) return present;
            if (_slots.TryUpdate(victim, mine, present)) return mine;
        }
    }

    /// <summary>This press is the person's present one, since the one before has closed or was never taken.</summary>
    public Slot Replace(Guid victim, Guid alertId) => _slots[victim] = new Slot(alertId, time.GetUtcNow());

    /// <summary>The press was not taken: the next one starts afresh.</summary>
    public void Forget(Guid victim, Slot slot)
    {
        slot.Alert.TrySetResult(null);
        _slots.TryRemove(KeyValuePair.Create(victim, slot));
    }

    private void Tidy()
    {
        var now = time.GetUtcNow();
        foreach (var (victim, slot) in _slots)
        {
            if (slot.At + Life <= now) _slots.TryRemove(KeyValuePair.Create(victim, slot));
        }
    }

    /// <summary>A press that is being taken, or has been.</summary>
    /// <param name="alertId">The id that it came with.</param>
    /// <param name="at">When it came.</param>
    public sealed class Slot(Guid alertId, DateTimeOffset at)
    {
        public Guid AlertId => alertId;

        public DateTimeOffset At => at;

        /// <summary>The alert that the press is part of, once that is durable: its own or one that was open; null when it could not be taken.</summary>
        public TaskCompletionSource<Guid?> Alert { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
