using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;

namespace Sos.Server.Privacy;

/// <summary>
/// Who has seen a person: looks and acts of staff as the audit has them, responders and contacts as her alerts have them, relatives as her history has them. Read from where it is kept
/// anyway, so that it is as complete as those.
/// </summary>
internal sealed class PersonalLooks(IGrainFactory grains)
{
    /// <summary>Most days that one page reads.</summary>
    private const int DaysAPage = 14;

    /// <summary>Alerts that are looked into: the newest.</summary>
    private const int MostAlerts = 200;

    private const int MostEvents = 200;

    /// <summary>Who follows a board was connected to it some time before.</summary>
    private static readonly TimeSpan LongestShift = TimeSpan.FromHours(12);

    /// <summary>A page, newest first.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="before">Only what is older.</param>
    /// <param name="limit">Most entries, 1 to 200.</param>
    public async Task<SeenPage> Page(UserProfile person, DateTimeOffset before, int limit)
    {
        var alerts = await Alerts(person.Id);
        var told = (await Task.WhenAll(alerts.Select(alert => Told(person.Id, alert)))).SelectMany(entries => entries).Concat(await Relatives(person.Id)).ToList();
        var (names, months, found) = (new Dictionary<Guid, SeenBy>(), new Dictionary<string, HashSet<string>>(), new List<SeenEntry>());
        var (day, first) = (DayOf(before), DayOf(person.CreatedAt));
        var last = day.AddDays(1 - DaysAPage);
        for (; day >= first && day >= last && found.Count <= limit; day = day.AddDays(-1))
        {
            found.AddRange(told.Where(entry => DayOf(entry.At) == day && entry.At < before));
            foreach (var draft in await Drafts(person.Id, day, alerts, months))
            {
                if (draft.At < before && draft.Actor != person.Id && await Entry(draft, alerts, names) is { } entry) found.Add(entry);
            }
        }

        var ordered = found.OrderByDescending(entry => entry.At).ToList();
        // Of the same moment all or none: the next page begins before it.
        var items = ordered.Take(limit).Concat(ordered.Skip(limit).TakeWhile(entry => entry.At == ordered[limit - 1].At)).ToImmutableArray();
        DateTimeOffset? next = items.Length < ordered.Count ? items[^1].At : day >= first ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : null;
        return new SeenPage(items, next is { } from ? ToCursor(from) : null);
    }

    /// <summary>Reads a cursor; false for anything that no page has answered.</summary>
    public static bool TryCursor(string cursor, out DateTimeOffset before)
    {
        before = default;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        if (cursor.Length != Base64Url.GetEncodedLength(bytes.Length) || Base64Url.DecodeFromChars(cursor, bytes, out _, out var written) != OperationStatus.Done || written != bytes.Length) return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < TimeSpan.TicksPerDay || ticks > DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay) return false;
        before = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static string ToCursor(DateTimeOffset before)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, before.UtcTicks);
        return Base64Url.EncodeToString(bytes);
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private async Task<ImmutableArray<AlertView>> Alerts(Guid person)
    {
        var listed = await grains.GetGrain<IAlertIndexGrain>(AlertIndexKeys.OfUser(person)).Page(null, MostAlerts);
        var views = await Task.WhenAll(listed.Entries.Select(entry => grains.GetGrain<IAlertGrain>(entry.AlertId).View(ReaderOf(person))));
        return [.. views.OfType<AlertView>()];
    }

    private static AlertReader ReaderOf(Guid person) => new(person, false, []);

    // Responders and contacts, as long as the alert's data is kept.
    private async Task<IEnumerable<SeenEntry>> Told(Guid person, AlertView alert)
    {
        if (alert.Tombstone is not null) return [];
        var page = await grains.GetGrain<IAlertGrain>(alert.Id).Events(ReaderOf(person), 0, MostEvents);
        return (page?.Events ?? []).Select(e => e.Kind switch
        {
            AlertEventKind.Accepted => new SeenEntry(e.At, SeenBy.Responder, SeenWhat.Alert, alert.Id, e.Name),
            AlertEventKind.ContactsTold => new SeenEntry(e.At, SeenBy.Contacts, SeenWhat.Alert, alert.Id),
            _ => null,
        }).OfType<SeenEntry>();
    }

    // Relatives who have looked where she is, and whom she has met: both were told then.
    private async Task<IEnumerable<SeenEntry>> Relatives(Guid person)
    {
        var history = grains.GetGrain<IRelativeHistoryGrain>(person);
        return (await history.Looks()).Select(look => new SeenEntry(look.At, SeenBy.Relative, look.Trail ? SeenWhat.Trail : SeenWhat.Place, Name: look.Name))
            .Concat((await history.Encounters()).Where(met => met.Move != NearbyMove.Exiting).Select(met => new SeenEntry(met.At, SeenBy.Relative, SeenWhat.Nearness, Name: met.Name)));
    }

    private async Task<IEnumerable<AuditDraft>> Drafts(Guid person, DateOnly day, ImmutableArray<AlertView> alerts, Dictionary<string, HashSet<string>> months)
    {
        var chains = Enumerable.Range(0, AuditKeys.Shards).Select(shard => AuditKeys.Chain(day, shard)).ToList();
        var month = AuditKeys.IndexOf(chains[0]);
        if (!months.TryGetValue(month, out var listed)) months[month] = listed = [.. await grains.GetGrain<IAuditIndexGrain>(month).List()];
        var filter = new AuditFilter(Subjects: [$"user/{person}", "board", .. alerts.Where(alert => DayOf(alert.RaisedAt) <= day).Select(alert => $"alert/{alert.Id}")]);
        var pages = await Task.WhenAll(chains.Where(listed.Contains).Select(chain => grains.GetGrain<IAuditGrain>(chain).Page(filter, long.MaxValue, int.MaxValue)));
        return pages.SelectMany(page => page).Select(entry => entry.Draft);
    }

    private async Task<SeenEntry?> Entry(AuditDraft draft, ImmutableArray<AlertView> alerts, Dictionary<Guid, SeenBy> parts)
    {
        var (what, alert) = (WhatOf(draft.Act), alerts.FirstOrDefault(alert => draft.Subject == $"alert/{alert.Id}")?.Id);
        if (what == SeenWhat.Board)
        {
            if (alerts.FirstOrDefault(open => WasOn(draft, open)) is not { } shown) return null;
            alert = shown.Id;
        }

        if (!parts.TryGetValue(draft.Actor, out var by)) parts[draft.Actor] = by = PartOf(await grains.GetGrain<IUserGrain>(draft.Actor).Profile());
        return new SeenEntry(draft.At, by, what, alert, Reason: draft.Reason);
    }

    private static bool WasOn(AuditDraft draft, AlertView alert)
    {
        var areas = (draft.Detail ?? "").Split(' ');
        var from = draft.Act == AuditAct.FollowedBoard ? alert.RaisedAt - LongestShift : alert.RaisedAt;
        return (areas.Contains("*") || areas.Contains(alert.Area)) && draft.At >= from && !(draft.At > alert.ClosedAt);
    }

    private static SeenBy PartOf(UserProfile? staff) => staff?.Roles switch
    {
        { } roles when roles.HasFlag(Roles.Admin) => SeenBy.Administrator,
        { } roles when roles.HasFlag(Roles.Operator) => SeenBy.Operator,
        _ => SeenBy.Staff,
    };

    private static SeenWhat WhatOf(AuditAct act) => act switch
    {
        AuditAct.ViewedAlert => SeenWhat.Alert,
        AuditAct.ViewedTrack => SeenWhat.Route,
        AuditAct.ViewedCandidates => SeenWhat.Candidates,
        AuditAct.ViewedBoard or AuditAct.FollowedBoard => SeenWhat.Board,
        AuditAct.ViewedAccount => SeenWhat.Account,
        AuditAct.ChangedAccount or AuditAct.ChangedResponder or AuditAct.ResetSecondFactor or AuditAct.EndedSessions => SeenWhat.AccountChanged,
        _ => SeenWhat.Handled,
    };
}
