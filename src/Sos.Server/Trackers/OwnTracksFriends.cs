using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sos.Contracts.Relatives;
using Sos.Contracts.Trackers;
using Sos.Server.Relatives;

namespace Sos.Server.Trackers;

/// <summary>A friend for the map of OwnTracks (booklet, tech/json).</summary>
/// <param name="Tid">By this alone the apps know her over HTTP (iOS <c>Connection.m</c>, Android <c>HttpMessageProcessorEndpoint</c>): the topic is made of it.</param>
/// <param name="Lat">WGS 84 degrees.</param>
/// <param name="Lon">WGS 84 degrees.</param>
/// <param name="Tst">When she was there, seconds since 1970.</param>
/// <param name="Acc">Radius around it, whole metres; left out: not said.</param>
/// <param name="Topic">As the apps make it.</param>
public sealed record OwnTracksLocation(string Tid, double Lat, double Lon, long Tst, int? Acc, string Topic) : OwnTracksMessage;

/// <summary>What a friend is called (booklet, tech/json).</summary>
/// <param name="Tid">Which.</param>
/// <param name="Name">As the tracker's owner calls her.</param>
public sealed record OwnTracksCard(string Tid, string Name) : OwnTracksMessage;

/// <summary>
/// The relatives who show themselves to a tracker's owner, where she has let it show them. They come by the same look as in the app, recorded before it is answered, and whoever is not shown is just
/// not there: what the map shows of her grows old by itself.
/// </summary>
internal sealed partial class OwnTracksFriends(RelativesDesk relatives, TimeProvider time, ILogger<OwnTracksFriends> logger)
{
    /// <summary>A list has no more; no answer has either.</summary>
    private const int Most = 20;

    private const int MostTrackers = 50_000;

    /// <summary>Letters of a relation's id: of its end, which is chance, and enough that no two of a list are alike.</summary>
    private const int TidLength = 12;

    /// <summary>Nobody who is shown approximately is further from the middle of her square, metres (decision 22).</summary>
    private const int SquareReach = 850;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <summary>Android forgets names when it is started anew.</summary>
    private static readonly TimeSpan NameEvery = TimeSpan.FromHours(1);

    /// <summary>A phone that tells its place waits no longer for others'.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, Told> _told = new();

    /// <summary>Who is to be on the map of a tracker now: at most once a minute; empty where it shows nobody.</summary>
    public async Task<IReadOnlyList<OwnTracksMessage>> Due(Guid person, Tracker tracker)
    {
        if (!tracker.ShowsRelatives) return [];
        if (_told.Count >= MostTrackers) _told.Clear();
        var (told, now) = (_told.GetOrAdd(tracker.Id, static _ => new Told()), time.GetUtcNow());
        if (!told.MayLook(now)) return [];
        try
        {
            var shown = await relatives.Shown(person).WaitAsync(Patience, time);
            return [.. shown.Take(Most).SelectMany(one => Messages(one.Relative, one.Place, told, now))];
        }
        catch (Exception trouble)
        {
            // Her place was taken; they come with the answer to a later one.
            LogNotAnswered(trouble.GetType().Name);
            return [];
        }
    }

    private static IEnumerable<OwnTracksMessage> Messages(Relative relative, ShownPlace place, Told told, DateTimeOffset now)
    {
        var tid = relative.Id.ToString("N")[^TidLength..];
        var (fix, accuracy) = (place.Fix, place.Precision == SharePrecision.Approximate ? SquareReach : place.Fix.Accuracy?.Metres);
        yield return new OwnTracksLocation(
            tid, fix.Point.Latitude, fix.Point.Longitude, fix.At.ToUnixTimeSeconds(), accuracy is { } metres ? (int)Math.Ceiling(metres) : null, "owntracks/http/" + tid);
        if (told.Names(tid, relative.Name, now)) yield return new OwnTracksCard(tid, relative.Name);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The relatives for a tracker's map could not be asked for ({Exception}); they are told later")]
    private partial void LogNotAnswered(string exception);

    /// <summary>What a tracker was told: names, and when. No place.</summary>
    private sealed class Told
    {
        private readonly Lock _lock = new();
        private ImmutableDictionary<string, (string Name, DateTimeOffset At)> _names = ImmutableDictionary<string, (string, DateTimeOffset)>.Empty;
        private DateTimeOffset _lookedAt;

        /// <summary>Whether it is time for a look, which is counted; of several at once one.</summary>
        public bool MayLook(DateTimeOffset now)
        {
            lock (_lock)
            {
                if (Within(_lookedAt, now, LookEvery)) return false;
                _lookedAt = now;
                return true;
            }
        }

        /// <summary>Whether a name is to be told: it is new, another one, or was told long ago.</summary>
        public bool Names(string tid, string name, DateTimeOffset now)
        {
            lock (_lock)
            {
                if (_names.TryGetValue(tid, out var known) && known.Name == name && Within(known.At, now, NameEvery)) return false;
                if (_names.Count > Most) _names = _names.Clear();
                _names = _names.SetItem(tid, (name, now));
                return true;
            }
        }

        // A clock that was put back stops nothing.
        private static bool Within(DateTimeOffset at, DateTimeOffset now, TimeSpan span) => at <= now && now - at < span;
    }
}
