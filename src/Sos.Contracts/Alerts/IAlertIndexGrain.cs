using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using Orleans.Concurrency;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Alerts;

/// <summary>
/// Ids of alerts for listings, in bounded segments, fed by the alerts' outboxes; rebuilt from the truth. Key: see <see cref="AlertIndexKeys"/>.
/// </summary>
[Alias("sos.alerts.IAlertIndexGrain")]
public interface IAlertIndexGrain : IGrainWithStringKey
{
    /// <summary>Lists an alert or changes its status; durable when answered. Puts that come together are written together.</summary>
    [Alias("Put"), AlwaysInterleave] Task Put(AlertIndexEntry entry);

    /// <summary>A page, newest first. <paramref name="cursor"/>: as answered before; null or unreadable: from the newest.</summary>
    [Alias("Page"), AlwaysInterleave] Task<AlertIndexPage> Page(string? cursor, int limit);

    /// <summary>Deletes the listing for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}

/// <summary>A page of a listing.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Cursor">For the next page; null at the end.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.index-page")]
public sealed record AlertIndexPage([property: Id(0)] ImmutableArray<AlertIndexEntry> Entries, [property: Id(1)] string? Cursor);

/// <summary>Keys of indexes.</summary>
public static class AlertIndexKeys
{
    /// <summary>Alerts that a person has raised.</summary>
    public static string OfUser(Guid user) => $"user/{user:N}";

    /// <summary>Alerts of an area that were raised on a day (UTC).</summary>
    public static string OfAreaDay(AreaId area, DateTimeOffset day) => string.Create(CultureInfo.InvariantCulture, $"area/{area}/{day.UtcDateTime:yyyyMMdd}");
}
