using Sos.Contracts.Geo;
using Sos.Grains.Geo;

namespace Sos.Grains.Tests.Geo;

public class NearbyMergeTests
{
    private static readonly GeoPoint Here = new(60, 25);

    [Fact]
    public void Somebody_in_two_cells_is_found_once_where_she_was_last_even_if_that_is_further()
    {
        var person = Guid.NewGuid();
        var ghost = Hit(CellPeople.At(Here, epoch: 1, seq: 7, person), 10);
        var real = Hit(CellPeople.At(Here, epoch: 2, seq: 1, person), 3_000);
        var other = Hit(CellPeople.At(Here), 500);

        Assert.Equal([other, real], NearbySearch.Merge([new CellAnswer(false, [ghost, other]), new CellAnswer(false, [real])], 10));
        Assert.Equal([other, real], NearbySearch.Merge([new CellAnswer(false, [real]), new CellAnswer(false, [ghost, other])], 10));
    }

    [Fact]
    public void The_nearest_of_all_cells_come_first_and_no_more_than_asked_for()
    {
        var hits = Enumerable.Range(0, 40).Select(i => Hit(CellPeople.At(Here), i)).ToArray();
        var found = NearbySearch.Merge([new CellAnswer(false, [.. hits.Where((_, i) => i % 2 == 0)]), new CellAnswer(true, [.. hits.Where((_, i) => i % 2 == 1)])], 15);
        Assert.Equal(hits.Take(15), found);
    }

    private static CellHit Hit(CellEntry entry, double metres) => new(entry, Distance.FromMetres(metres), Freshness.Live);
}
