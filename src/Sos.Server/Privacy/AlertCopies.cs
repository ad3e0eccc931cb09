using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Grains.Privacy;
using Sos.Server.Alerts.Media;

namespace Sos.Server.Privacy;

/// <summary>Reads whole what there is of an alert for the person whose alert it is.</summary>
internal sealed class AlertCopies(IGrainFactory grains, AlertFiles files)
{
    private const int PageSize = 200;

    /// <summary>The person as a reader of her own alerts and nobody else's, whatever roles she has.</summary>
    public static AlertReader ReaderOf(Guid person) => new(person, false, [], OwnOnly: true);

    /// <summary>The alert as she sees it; null when it is not hers.</summary>
    public Task<AlertView?> View(Guid alert, AlertReader reader) => grains.GetGrain<IAlertGrain>(alert).View(reader);

    /// <summary>Every event that she may know, oldest first.</summary>
    public async Task<List<AlertEvent>> Events(Guid alert, AlertReader reader)
    {
        var events = new List<AlertEvent>();
        for (long after = 0; await grains.GetGrain<IAlertGrain>(alert).Events(reader, after, PageSize) is { } page; after = page.Next)
        {
            events.AddRange(page.Events);
            if (!page.More) break;
        }

        return events;
    }

    /// <summary>Where she went, oldest first; nothing of who hides her route.</summary>
    public async Task<List<PositionFix>> Track(Guid alert)
    {
        var track = new List<PositionFix>();
        for (var segment = 0; await grains.GetGrain<ITrackGrain>(ITrackGrain.KeyOf(alert, segment)).Read() is { Length: > 0 } part; segment++) track.AddRange(part);
        return track;
    }

    /// <summary>Photos and recordings by file name; null for one that is not there, or is not what was stored.</summary>
    public async IAsyncEnumerable<(string Name, SealedDownload? File)> Attachments(AlertView view)
    {
        foreach (var attachment in view.Attachments ?? [])
            yield return ($"{attachment.Id:N}.{MediaType.Named(attachment.MediaType).Extension}", await files.Open(view.Id, attachment.Id, attachment.Blob));
    }
}
