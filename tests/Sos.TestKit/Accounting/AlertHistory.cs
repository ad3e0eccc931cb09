using Sos.TestKit.Client;

namespace Sos.TestKit.Accounting;

/// <summary>
/// Replays the events of one alert as staff sees them and says what is wrong: gaps, doubles, moves that the state machine does not
/// have, two people who hold the alert at once, life after the end.
/// </summary>
public sealed class AlertHistory
{
    private static readonly string[] Open = ["raised", "offered", "accepted", "en_route", "on_scene"];
    private static readonly string[] Closed = ["resolved", "cancelled", "false_alarm"];

    private readonly List<string> _faults = [];
    private readonly List<EventAnswer> _assignments = [];
    private string _status = "";
    private long _seq;
    private Guid? _holder;

    /// <summary>What is wrong; empty when the history is possible.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Status after the last event.</summary>
    public string Status => _status;

    public bool IsClosed => Closed.Contains(_status);

    /// <summary>Whom the service or staff has assigned, in order.</summary>
    public IReadOnlyList<EventAnswer> Assignments => _assignments;

    /// <summary>Replays a whole history.</summary>
    public static AlertHistory Of(IEnumerable<EventAnswer> events)
    {
        var history = new AlertHistory();
        foreach (var change in events) history.Apply(change);
        return history;
    }

    /// <summary>Takes the next event.</summary>
    public void Apply(EventAnswer change)
    {
        if (change.Seq != _seq + 1) _faults.Add($"event {change.Seq} ({change.Kind}) follows event {_seq}");
        if (!MayFollow(change)) _faults.Add($"event {change.Seq}: {change.Kind} leads from '{_status}' to '{change.Status}'");
        Hold(change);
        _seq = change.Seq;
        _status = change.Status;
    }

    private bool MayFollow(EventAnswer change) => change.Kind switch
    {
        "raised" => _status == "" && change.Status == "raised",
        "offered" => _status is "raised" or "offered" && change.Status == "offered",
        // Staff may give an alert that somebody has accepted to somebody else.
        "assigned" => (_status is "raised" or "offered" || change.By == "staff" && _status is "accepted" or "en_route") && change.Status == "offered",
        "accepted" => _status is "raised" or "offered" && change.Status == "accepted",
        "en_route" => _status == "accepted" && change.Status == "en_route",
        "on_scene" => _status is "accepted" or "en_route" && change.Status == "on_scene",
        "unassigned" => Open.Contains(_status) && _status != "on_scene" && change.Status == (_status == "raised" ? "raised" : "offered"),
        "resolved" or "cancelled" or "false_alarm" => Open.Contains(_status) && change.Status == change.Kind,
        "appended" or "delivered" or "seen" or "declined" or "silent" or "ring_widened" or "nobody_yet" or "staff_told" or "claimed"
            or "noted" or "moved" => _status != "" && change.Status == _status,
        _ => false,
    };

    private void Hold(EventAnswer change)
    {
        switch (change.Kind)
        {
            case "assigned":
                _assignments.Add(change);
                _holder = null;
                break;
            case "accepted":
                if (_holder is { } holder && holder != change.Responder) _faults.Add($"event {change.Seq}: a second winner");
                _holder = change.Responder ?? Guid.Empty;
                break;
            case "unassigned":
                _holder = null;
                break;
        }
    }
}
