using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Tests.Simulation;

/// <summary>
/// The same rules told once more the long way: everybody's last fix on one list, and what each of two knows of the other in a table of pairs. No cells, no squares,
/// no messages. All of a family show themselves to each other exactly.
/// </summary>
internal static class NearbyReference
{
    private const double Accuracy = 10;

    /// <summary>A fix of somebody.</summary>
    public readonly record struct Fix(int Person, int Family, GeoPoint Point, DateTimeOffset At);

    /// <summary>What somebody is told by her own report. What her relative is told of the same goes into the relative's records.</summary>
    public readonly record struct Change(int Person, int Relative, NearbyMove Move, DateTimeOffset At);

    public static List<Change> Of(IEnumerable<Fix> fixes)
    {
        var (last, doubted, pairs, changes) = (new Dictionary<int, Fix>(), new Dictionary<int, Fix>(), new Dictionary<(int, int), Pair>(), new List<Change>());
        foreach (var fix in fixes)
        {
            if (last.TryGetValue(fix.Person, out var before) && TooFar(before, fix) && !(doubted.TryGetValue(fix.Person, out var doubt) && !TooFar(doubt, fix)))
            {
                doubted[fix.Person] = fix;
                continue;
            }

            doubted.Remove(fix.Person);
            last[fix.Person] = fix;
            foreach (var other in last.Values.Where(o => o.Family == fix.Family && o.Person != fix.Person).ToList())
            {
                var (mine, hers) = (Of(fix.Person, other.Person), Of(other.Person, fix.Person));
                var distance = fix.Point.DistanceTo(other.Point).Metres;
                if (fix.At - other.At < TimeSpan.FromMinutes(2) && distance <= 1_400 && other.At > mine.HeardAt && (mine.Near || distance <= 1_000))
                {
                    (mine.Point, mine.HeardAt) = (other.Point, other.At);
                    if (!mine.Near)
                    {
                        Enter(mine, fix.Person, other.Person, fix.At);
                        if (fix.At > hers.HeardAt) (hers.Point, hers.HeardAt) = (fix.Point, fix.At);
                        if (!hers.Near) Meet(hers, fix.At);
                    }
                    else if (fix.At - mine.ToldAt >= TimeSpan.FromMinutes(10) && distance <= 1_000)
                    {
                        mine.ToldAt = fix.At;
                        changes.Add(new Change(fix.Person, other.Person, NearbyMove.InRange, fix.At));
                    }
                }

                if (mine.Near && fix.Point.DistanceTo(mine.Point).Metres > 1_150 + 2 * Accuracy)
                {
                    if (++mine.Beyond == 2)
                    {
                        Exit(mine, fix.Person, other.Person, fix.At);
                        hers.HeardAt = fix.At > hers.HeardAt ? fix.At : hers.HeardAt;
                        if (hers.Near) Part(hers);
                    }
                }
                else mine.Beyond = 0;

                if (fix.At - mine.HeardAt > TimeSpan.FromMinutes(30)) pairs.Remove((fix.Person, other.Person));
            }
        }

        return changes;

        Pair Of(int person, int relative) => pairs.TryGetValue((person, relative), out var pair) ? pair : pairs[(person, relative)] = new Pair();

        void Enter(Pair pair, int person, int relative, DateTimeOffset at)
        {
            Meet(pair, at);
            changes.Add(new Change(person, relative, NearbyMove.Entering, at));
        }

        void Exit(Pair pair, int person, int relative, DateTimeOffset at)
        {
            Part(pair);
            changes.Add(new Change(person, relative, NearbyMove.Exiting, at));
        }
    }

    private static void Meet(Pair pair, DateTimeOffset at) => (pair.Near, pair.ToldAt, pair.Beyond) = (true, at, 0);

    private static void Part(Pair pair) => (pair.Near, pair.Beyond) = (false, 0);

    private static bool TooFar(Fix from, Fix to) => from.Point.DistanceTo(to.Point).Metres > 340 * Math.Abs((to.At - from.At).TotalSeconds) + 10_000;

    private sealed class Pair
    {
        public bool Near { get; set; }

        public GeoPoint Point { get; set; }

        public DateTimeOffset HeardAt { get; set; }

        public DateTimeOffset ToldAt { get; set; }

        public int Beyond { get; set; }
    }
}
