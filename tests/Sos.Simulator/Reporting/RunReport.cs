using Sos.Simulator.Calls;
using Sos.Simulator.City;
using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Simulator.Reporting;

/// <summary>The table at the end of a replay. Times to offer, acceptance and arrival are the server's, from the alerts' own events.</summary>
internal static class RunReport
{
    private const int FaultsShown = 20;

    public static void Write(TextWriter to, CallFile file, IntentLog log, Journal journal, AlertAudit audit, int open)
    {
        var offered = new Histogram();
        var accepted = new Histogram();
        var arrived = new Histogram();
        int byHand = 0, bySelf = 0, never = 0;
        foreach (var alert in audit.Alerts)
        {
            Measure(alert, "accepted", accepted);
            Measure(alert, "on_scene", arrived);
            var asked = alert.Events.FirstOrDefault(change => change.Kind is "offered" or "assigned");
            if (asked is null) never++;
            else offered.Record(asked.At - alert.Events[0].At);
            byHand += alert.History.Assignments.Any(change => change.By == "staff") ? 1 : 0;
            bySelf += alert.History.Assignments.Any(change => change.By == "service") ? 1 : 0;
        }

        to.WriteLine();
        Row(to, "calls replayed", file.Calls.Count, $"skipped: {file.Malformed} malformed, {file.Outside} outside");
        Row(to, "raised", log.Intents.Count, $"{journal.Repeated} sent once more with the same id");
        Row(to, "acknowledged", log.CountOf(Certainty.Acknowledged), "");
        Row(to, "refused", log.CountOf(Certainty.Refused), "");
        Row(to, "without an answer", log.CountOf(Certainty.Unknown), Retries(journal));
        Row(to, "offers on devices", journal.Offers, $"{journal.Accepted} accepted, {journal.LostRaces} lost the race");
        Row(to, "assigned by hand", byHand, "alerts");
        Row(to, "assigned automatically", bySelf, "alerts");
        Row(to, "never asked anybody", never, "called off or closed before");
        foreach (var status in audit.Alerts.GroupBy(alert => alert.View.Status).OrderByDescending(group => group.Count()))
            Row(to, "ended " + status.Key, status.Count(), "");
        Row(to, "open when the run ended", open, "");
        to.WriteLine();
        to.WriteLine($"  {"",-26}{"n",8}{"p50",11}{"p90",11}{"p99",11}{"longest",11}");
        Times(to, "press → 201 (client)", journal.PressToAnswer);
        Times(to, "press → device (client)", journal.PressToDevice);
        Times(to, "to first offer", offered);
        Times(to, "to acceptance", accepted);
        Times(to, "to arrival", arrived);
        to.WriteLine();
        to.WriteLine($"Accounting: {audit.Alerts.Count} of {log.CountOf(Certainty.Acknowledged)} acknowledged alerts found again, {audit.Alerts.Sum(a => a.Events.Count)} events: {audit}");
        Faults(to, "missing", audit.Missing);
        Faults(to, "doubled", audit.Doubled);
        Faults(to, "impossible", audit.Impossible);
        Faults(to, "seen by the people", journal.Faults);
    }

    private static void Measure(AuditedAlert alert, string kind, Histogram into)
    {
        if (alert.Events.FirstOrDefault(change => change.Kind == kind) is { } change) into.Record(change.At - alert.Events[0].At);
    }

    private static string Retries(Journal journal) =>
        journal.Retries.Count == 0 ? "no request had to be repeated" : "repeated: " + string.Join(", ", journal.Retries.Select(pair => $"{pair.Value} × {pair.Key}"));

    private static void Row(TextWriter to, string what, int count, string words) => to.WriteLine($"  {what,-26}{count,8}  {words}".TrimEnd());

    private static void Times(TextWriter to, string what, Histogram times) => to.WriteLine($"  {what,-26}{times.Count,8}{times}");

    private static void Faults(TextWriter to, string what, IReadOnlyCollection<string> faults)
    {
        foreach (var fault in faults.Take(FaultsShown)) to.WriteLine($"  {what}: {fault}");
        if (faults.Count > FaultsShown) to.WriteLine($"  {what}: and {faults.Count - FaultsShown} more");
    }
}
