using System.Collections.Concurrent;
using System.Net;
using Sos.TestKit.Client;

namespace Sos.TestKit.Accounting;

/// <summary>An acknowledged alert as it was found again.</summary>
public sealed record AuditedAlert(Intent Intent, AlertAnswer View, IReadOnlyList<EventAnswer> Events, AlertHistory History);

/// <summary>
/// Finds every acknowledged alert again, with its whole history, and compares it with what was sent (I1 to I3, I6, I7 of the accounting).
/// </summary>
/// <param name="staff">Reads as an operator of every area.</param>
/// <param name="log">What was sent.</param>
public sealed class AlertAudit(ApiClient staff, IntentLog log)
{
    private readonly ConcurrentBag<AuditedAlert> _alerts = [];
    private readonly ConcurrentBag<string> _missing = [];
    private readonly ConcurrentBag<string> _doubled = [];
    private readonly ConcurrentBag<string> _impossible = [];

    public IReadOnlyCollection<AuditedAlert> Alerts => _alerts;

    /// <summary>Acknowledged and not found, or found with another content.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>Alerts that nobody intended, or listed twice.</summary>
    public IReadOnlyCollection<string> Doubled => _doubled;

    /// <summary>Found in a state or with a history that cannot be.</summary>
    public IReadOnlyCollection<string> Impossible => _impossible;

    public bool IsClean => _missing.IsEmpty && _doubled.IsEmpty && _impossible.IsEmpty;

    public override string ToString() => $"{_missing.Count} missing, {_doubled.Count} doubled, {_impossible.Count} impossible";

    /// <summary>Looks for every acknowledged alert; then for alerts of these callers that nobody intended.</summary>
    public async Task Run(IReadOnlyCollection<ApiClient> callers, CancellationToken cancellationToken = default)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(log.Acknowledged, parallel, async (intent, token) => await Find(intent, token));
        await Parallel.ForEachAsync(callers, parallel, async (caller, token) => await Count(caller, token));
    }

    /// <summary>Every event of an alert, page by page.</summary>
    public static async Task<IReadOnlyList<EventAnswer>> Events(ApiClient reader, Guid alertId, CancellationToken cancellationToken = default)
    {
        var events = new List<EventAnswer>();
        for (long after = 0; ;)
        {
            var page = (await reader.Get($"alerts/{alertId}/events?after={after}&limit=200", cancellationToken)).Read<EventPageAnswer>();
            events.AddRange(page.Events);
            if (!page.More) return events;
            if (page.Next <= after) throw new InvalidDataException($"The events of {alertId} say that there is more after {after}, and do not go on.");
            after = page.Next;
        }
    }

    private async Task Find(Intent intent, CancellationToken cancellationToken)
    {
        var answer = await staff.Get($"alerts/{intent.Id}", cancellationToken);
        if (answer.Status == HttpStatusCode.NotFound)
        {
            _missing.Add($"{intent.Id}: not found");
            return;
        }

        var view = answer.Read<AlertAnswer>();
        if (Difference(intent, view) is { } difference) _missing.Add($"{intent.Id}: {difference}");
        var events = await Events(staff, intent.Id, cancellationToken);
        var history = AlertHistory.Of(events);
        foreach (var fault in history.Faults) _impossible.Add($"{intent.Id}: {fault}");
        if (history.Status != view.Status && events.Count > 0 && events[^1].Seq >= view.Seq)
            _impossible.Add($"{intent.Id}: is {view.Status} and its events end in {history.Status}");
        if (events.Count == 0) _impossible.Add($"{intent.Id}: has no history");
        _alerts.Add(new AuditedAlert(intent, view, events, history));
    }

    private static string? Difference(Intent intent, AlertAnswer view)
    {
        if (view.Staff?.Victim is { } victim && victim != intent.Caller) return "belongs to somebody else";
        if (view.Kind != intent.Kind) return $"kind is {view.Kind}, was {intent.Kind}";
        if (view.Note?.Contains(intent.Note, StringComparison.Ordinal) != true) return "the note is not the one sent";
        if (view.Position is not { } position) return "the position is gone";
        return Math.Abs(position.Latitude - intent.Latitude) < 1e-6 && Math.Abs(position.Longitude - intent.Longitude) < 1e-6 ? null : "is at another place";
    }

    private async Task Count(ApiClient caller, CancellationToken cancellationToken)
    {
        var seen = new HashSet<Guid>();
        string? cursor = null;
        do
        {
            var query = cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor);
            var page = (await caller.Get($"alerts?limit=200{query}", cancellationToken)).Read<AlertPageAnswer>();
            foreach (var entry in page.Alerts)
            {
                if (!log.Intents.ContainsKey(entry.Id)) _doubled.Add($"{entry.Id}: nobody has sent it");
                if (!seen.Add(entry.Id)) _doubled.Add($"{entry.Id}: listed twice");
            }

            cursor = page.Cursor;
        }
        while (cursor is not null);
    }
}
