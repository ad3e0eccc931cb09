using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>
/// What this deployment publishes: zones that staff has marked, and nothing else. Each reading brings the messages up to their zones; the whole list is read anew at most
/// every ten seconds, however many ask.
/// </summary>
public sealed class CapBulletin(IGrainFactory grains, TimeProvider time, IOptions<CapOptions> options) : IDisposable
{
    private const int AtOnce = 32;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _reading = new(1);
    private volatile Edition? _edition;

    /// <summary>Why a zone cannot be published; null: it can.</summary>
    public string? Obstacle(ZoneDraft zone) => options.Value.Sender is null ? "Sos:Cap:Sender is not set." : CapPublicationRules.Obstacle(zone, time.GetUtcNow());

    /// <summary>The feed.</summary>
    /// <param name="path">See <see cref="CapFeedWriter.Write"/>; always the same.</param>
    /// <param name="cancellationToken">The reader has gone.</param>
    public async Task<byte[]> Feed(string path, CancellationToken cancellationToken)
    {
        if (_edition is { } known && time.GetUtcNow() < known.Until) return known.Bytes;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_edition is { } other && time.GetUtcNow() < other.Until) return other.Bytes;
            var found = new List<(Guid Zone, CapPublication Newest)>();
            foreach (var batch in (await grains.GetGrain<ICapIndexGrain>(CapKeys.Published).List()).Chunk(AtOnce))
            {
                var newest = await Task.WhenAll(batch.Select(Newest));
                found.AddRange(batch.Zip(newest).Where(pair => pair.Second.Publication is not null).Select(pair => (pair.First, pair.Second.Publication!)));
            }

            found.Sort(static (one, other) => (other.Newest.Name.Sent, other.Zone).CompareTo((one.Newest.Name.Sent, one.Zone)));
            var bytes = CapFeedWriter.Write(found, path, options.Value.Sender ?? "", options.Value.SenderName);
            _edition = new Edition(bytes, time.GetUtcNow() + Fresh);
            return bytes;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The newest message about a zone; null when it is not published, or has not been for a while.</summary>
    public async Task<byte[]?> Message(Guid zone)
    {
        // What is not published costs one look.
        if (await grains.GetGrain<ICapPublicationGrain>(zone).Read() is null) return null;
        var (publication, draft) = await Newest(zone);
        if (publication is null) return null;
        return CapWriter.Write(publication, publication.Type == CapMessageType.Cancel ? null : draft, options.Value.SenderName, options.Value.Language);
    }

    /// <summary>Somebody has published or withdrawn something: the next reader sees it.</summary>
    public void Renew() => _edition = null;

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private async Task<(CapPublication? Publication, ZoneDraft? Draft)> Newest(Guid id)
    {
        var zone = await grains.GetGrain<IZoneGrain>(id).Read();
        return (await grains.GetGrain<ICapPublicationGrain>(id).Follow(zone), zone?.Draft);
    }

    private sealed record Edition(byte[] Bytes, DateTimeOffset Until);
}
