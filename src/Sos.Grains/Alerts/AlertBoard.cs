using System.Collections.Immutable;
using Sos.Contracts.Alerts;

namespace Sos.Grains.Alerts;

/// <summary>The open alerts of an area, in memory; closed ones leave and stay away.</summary>
internal sealed class AlertBoard
{
    /// <summary>How many closed alerts are remembered, so that an announcement that comes late does not bring one back.</summary>
    public const int RememberedClosed = 2_000;

    private readonly Dictionary<Guid, BoardEntry> _open = [];
    private readonly HashSet<Guid> _closed = [];
    private readonly Queue<Guid> _closedInOrder = [];
    private ImmutableArray<BoardEntry> _inOrder = [];

    /// <summary>Number of open alerts.</summary>
    public int Count => _open.Count;

    /// <summary>Takes over how an alert stands; false when that was known, or is older than what is known.</summary>
    public bool Apply(BoardEntry entry)
    {
        if (_closed.Contains(entry.AlertId)) return false;
        var known = _open.GetValueOrDefault(entry.AlertId);
        if (known is not null && !IsNewer(entry, known)) return false;
        _inOrder = default;
        if (IsOpen(entry.Status)) _open[entry.AlertId] = entry;
        else Close(entry);
        return true;
    }

    /// <summary>Most urgent first.</summary>
    public ImmutableArray<BoardEntry> InOrder()
    {
        if (_inOrder.IsDefault) _inOrder = InOrder(_open.Values);
        return _inOrder;
    }

    /// <summary>Who needs staff, then who has nobody, then oldest.</summary>
    public static ImmutableArray<BoardEntry> InOrder(IEnumerable<BoardEntry> entries) =>
        [.. entries.OrderByDescending(e => e.NeedsStaff).ThenByDescending(e => HasNobody(e.Status)).ThenBy(e => e.RaisedAt).ThenBy(e => e.AlertId)];

    /// <summary>Not closed.</summary>
    public static bool IsOpen(AlertStatus status) => status is not (AlertStatus.Resolved or AlertStatus.Cancelled or AlertStatus.FalseAlarm);

    private static bool HasNobody(AlertStatus status) => status is AlertStatus.None or AlertStatus.Raised or AlertStatus.Offered;

    private static bool IsNewer(BoardEntry entry, BoardEntry known) =>
        entry.Seq > known.Seq || (entry.Seq == known.Seq && entry.Version > known.Version);

    private void Close(BoardEntry entry)
    {
        _open.Remove(entry.AlertId);
        _closed.Add(entry.AlertId);
        _closedInOrder.Enqueue(entry.AlertId);
        if (_closedInOrder.Count > RememberedClosed) _closed.Remove(_closedInOrder.Dequeue());
    }
}
