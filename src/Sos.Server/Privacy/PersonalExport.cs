using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Identity;
using Sos.Contracts.Privacy;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Trackers;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Responders;
using Sos.Server.Relatives;
using Sos.Server.Responders;
using Sos.Server.Users;

namespace Sos.Server.Privacy;

/// <summary>
/// Everything that the service keeps of a person, as she may have it: a zip of JSON files and of her alerts' photos and recordings, written while it is read, so that a long life fits into little
/// memory. What is kept of others is not in it: of the inbox of a responder no place, of an alert what its victim sees.
/// </summary>
internal sealed class PersonalExport(IGrainFactory grains, PersonalLooks looks, AlertCopies alerts, IOptions<ResponderOptions> vetting, TimeProvider time)
{
    private const int PageSize = 200;

    /// <summary>Who looked longer ago is told by <c>GET /users/me/seen</c>.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(90);

    /// <summary>Writes the zip.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="target">Where; only written to asynchronously, file by file.</param>
    /// <param name="cancellationToken">The reader has gone.</param>
    public async Task Write(UserProfile person, Stream target, CancellationToken cancellationToken)
    {
        await using var zip = await StreamedZip.Begin(target, time, cancellationToken);
        await foreach (var (name, content) in Files(person)) await zip.Add(name, content, cancellationToken);
        await zip.Complete(cancellationToken);
    }

    private async IAsyncEnumerable<(string Name, object Content)> Files(UserProfile person)
    {
        var id = person.Id;
        yield return ("account.json", new
        {
            Profile = UserView.Of(person),
            Privacy = await grains.GetGrain<IUserGrain>(id).Choices(),
            DeletedAt = await grains.GetGrain<IAccountDeletionGrain>(id).DueAt(),
            LastPosition = await grains.GetGrain<IUserGrain>(id).LastKnown(),
            ExportedAt = time.GetUtcNow(),
        });
        yield return ("sign-in.json", await SignIn(id));
        yield return ("contacts.json", await grains.GetGrain<IContactsGrain>(id).Record());
        yield return ("zones.json", await grains.GetGrain<IZoneWatchGrain>(id).View());
        yield return ("trackers.json", await grains.GetGrain<ITrackersGrain>(id).List());
        var relatives = await grains.GetGrain<IRelativesGrain>(id).List();
        yield return ("relatives.json", new
        {
            Relatives = relatives.Relatives.Select(relative => RelativeView.Of(relative)),
            Groups = (await grains.GetGrain<IRelativesGrain>(id).Groups()).Select(group => GroupView.Of(group)),
            relatives.Invitations,
            relatives.Sharing,
            Alerts = await grains.GetGrain<IRelativeHistoryGrain>(id).Encounters(),
            Looks = await grains.GetGrain<IRelativeHistoryGrain>(id).Looks(),
        });
        var trail = grains.GetGrain<ITrailGrain>(id);
        yield return ("trail.json", TrailAnswer.Of(await trail.Settings(), await trail.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)));
        yield return ("blocks.json", await grains.GetGrain<IBlocksGrain>(id).List());
        yield return ("apps.json", new { LetIn = await grains.GetGrain<IAppGrantsGrain>(id).List(), Registered = await grains.GetGrain<IAppGrantsGrain>(id).Own() });
        yield return ("vetting.json", VettingStanding.Of(await grains.GetGrain<IVettingGrain>(id).View(), vetting.Value, toStaff: false));
        if (await grains.GetGrain<IResponderGrain>(id).Record() is { } responder) yield return ("responder.json", new { Record = responder, Inbox = await Inbox(id) });
        var reader = AlertCopies.ReaderOf(id);
        await foreach (var entry in Alerts(id))
        {
            var view = await alerts.View(entry.AlertId, reader);
            yield return ($"alerts/{entry.AlertId}.json", await Alert(reader, entry, view));
            if (view is null) continue;
            await foreach (var (name, file) in alerts.Attachments(view))
            {
                if (file is not null) yield return ($"alerts/{entry.AlertId}/{name}", file);
            }
        }

        yield return ("seen.json", await Seen(person));
    }

    private async Task<object> SignIn(Guid user)
    {
        var sessions = new List<SessionView>();
        foreach (var id in await grains.GetGrain<ISessionIndexGrain>(user).List())
        {
            if (await grains.GetGrain<ISessionGrain>(id).View() is { } view) sessions.Add(view);
        }

        return new
        {
            Sessions = sessions.Select(view => new { view.Id, view.Device, view.OpenedAt, view.UsedAt, view.StrongAt, view.Method }),
            SecondFactor = await grains.GetGrain<ISecondFactorGrain>(user).View(),
            HasPassword = await grains.GetGrain<IPasswordGrain>(user).IsSet(),
        };
    }

    // Where somebody in danger was is hers, not her helper's.
    private async Task<IEnumerable<object>> Inbox(Guid user) => (await grains.GetGrain<IResponderGrain>(user).Inbox(0)).Select(item => new
    {
        item.Seq,
        item.At,
        item.Delivery.AlertId,
        item.Delivery.Kind,
        item.Delivery.Reason,
        AlertKind = item.Delivery.Briefing?.Kind,
        item.Delivery.Briefing?.EtaSeconds,
        item.Delivery.Briefing?.AnswerBy,
    });

    private async IAsyncEnumerable<AlertIndexEntry> Alerts(Guid user)
    {
        string? cursor = null;
        do
        {
            var page = await grains.GetGrain<IAlertIndexGrain>(AlertIndexKeys.OfUser(user)).Page(cursor, PageSize);
            foreach (var entry in page.Entries) yield return entry;
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    private async Task<object> Alert(AlertReader reader, AlertIndexEntry entry, AlertView? view)
    {
        var isThere = view is { Tombstone: null };
        return new
        {
            Listed = entry,
            Alert = view,
            Events = isThere ? await alerts.Events(entry.AlertId, reader) : null,
            Track = isThere ? await alerts.Track(entry.AlertId) : null,
        };
    }

    private async Task<List<SeenEntry>> Seen(UserProfile person)
    {
        var (entries, before, oldest) = (new List<SeenEntry>(), time.GetUtcNow().AddTicks(1), time.GetUtcNow() - LooksBack);
        while (before > oldest)
        {
            var page = await looks.Page(person, before, PageSize);
            entries.AddRange(page.Items);
            if (page.Cursor is not { } cursor || !PersonalLooks.TryCursor(cursor, out before)) break;
        }

        return entries;
    }
}
