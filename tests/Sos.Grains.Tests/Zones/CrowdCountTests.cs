using System.Globalization;
using Sos.Grains.Zones;

namespace Sos.Grains.Tests.Zones;

/// <summary>A crowd is many different people in a short time, told once, and nobody is held for longer than that takes.</summary>
public sealed class CrowdCountTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-21T20:00:00Z", CultureInfo.InvariantCulture);
    private static readonly ZoneOptions Options = new();
    private readonly CrowdCount _count = new();

    [Fact]
    public void Twenty_five_different_people_within_ten_minutes_are_told_once_in_half_an_hour()
    {
        Assert.Equal(24, Come(24, 0).Count(told => told is null));
        Assert.Equal([25], Come(1, 9).OfType<int>());
        Assert.Equal(0, _count.Held);
        Assert.Empty(Come(100, 10).Concat(Come(100, 38.9)).OfType<int>());
        Assert.Equal(0, _count.Held);
        Assert.Equal([25], Come(25, 39).OfType<int>());
    }

    [Fact]
    public void The_same_people_again_and_again_are_none_and_neither_are_those_of_an_hour()
    {
        var few = Enumerable.Range(0, 24).Select(_ => Guid.NewGuid()).ToList();
        for (var round = 0; round < 10; round++) Assert.All(few, person => Assert.Null(Enter(person, round * 0.5)));
        for (var minute = 20; minute < 80; minute++) Assert.Empty(Come(2, minute).OfType<int>());
        Assert.True(_count.Held <= 20);
    }

    [Fact]
    public void What_is_told_late_does_not_count() => Assert.Empty(Enumerable.Range(0, 50).Select(_ => _count.Enter(Guid.NewGuid(), Start.AddMinutes(-10), Start, Options)).OfType<int>());

    private List<int?> Come(int people, double minute) => [.. Enumerable.Range(0, people).Select(_ => Enter(Guid.NewGuid(), minute))];

    private int? Enter(Guid person, double minute) => _count.Enter(person, Start.AddMinutes(minute), Start.AddMinutes(minute), Options);
}
