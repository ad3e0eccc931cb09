using Sos.Simulator.Reporting;

namespace Sos.Reliability.Simulator;

public sealed class HistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Quantiles_are_within_a_thousandth_of_the_sorted_samples(int seed)
    {
        var random = new Random(seed);
        // From microseconds to hours, as evenly as logarithms are.
        var samples = Enumerable.Range(0, 10_000).Select(_ => TimeSpan.FromMicroseconds(Math.Floor(Math.Exp(random.NextDouble() * 23)))).Order().ToList();
        var histogram = new Histogram();
        foreach (var sample in samples) histogram.Record(sample);
        foreach (var share in (double[])[0.001, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var exact = samples[(int)Math.Ceiling(share * samples.Count) - 1];
            Assert.InRange(histogram.Quantile(share), exact * 0.999, exact);
        }

        Assert.Equal(samples[^1], histogram.Longest);
    }

    [Fact]
    public void Nothing_recorded_is_no_time() => Assert.Equal(TimeSpan.Zero, new Histogram().Quantile(0.99));
}
