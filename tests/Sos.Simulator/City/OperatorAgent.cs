using Sos.TestKit.Client;

namespace Sos.Simulator.City;

/// <summary>
/// An operator of every area: assigns a share of the alerts by hand before the service does, and whatever the board says needs staff.
/// </summary>
internal sealed class OperatorAgent(Person me, CallsOptions options, Pace pace, Journal journal)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private const int SearchMetres = 50_000;

    private readonly HashSet<Guid> _decided = [];
    private readonly HashSet<(Guid Alert, Guid Responder)> _tried = [];

    public async Task Run(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await pace.Pause(LookEvery, cancellationToken);
                var answer = await me.Insist(HttpMethod.Get, "admin/board", null, journal, pace, cancellationToken);
                foreach (var entry in answer.Read<BoardAnswer>().Entries)
                {
                    var chosen = _decided.Add(entry.AlertId) && me.Chance() < options.ByHand;
                    if (entry.Status is "raised" or "offered" && entry.Helper is null && (chosen || entry.NeedsStaff)) await Assign(entry, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // End of the shift.
        }
        catch (ApiRefusedException refused)
        {
            journal.Fault($"the operator's board: {refused.Message}");
        }
    }

    private async Task Assign(BoardEntryAnswer entry, CancellationToken cancellationToken)
    {
        if (entry.Position is not { } place) return;
        var near = await me.Insist(
            HttpMethod.Get,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"responders?latitude={place.Latitude}&longitude={place.Longitude}&radiusMetres={SearchMetres}&limit=20"),
            null,
            journal,
            pace,
            cancellationToken);
        foreach (var responder in near.Read<RespondersAnswer>().Items.Where(responder => responder.FreeCapacity > 0))
        {
            if (!_tried.Add((entry.AlertId, responder.Id))) continue;
            var command = new { alertId = entry.AlertId, action = "assign", responderId = responder.Id, reason = "nearest who is free" };
            var answer = await me.Insist(HttpMethod.Post, "admin/actions", command, journal, pace, cancellationToken);
            if (answer.Succeeded) journal.CountByHand();
            if (answer.Succeeded || answer.Certainty == Certainty.Unknown) return;
        }
    }
}
