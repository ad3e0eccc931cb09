namespace Sos.Embedded.Simulation;

/// <summary>
/// Random numbers that are the same for a seed on every version of the platform, which <see cref="Random"/> does not promise: SplitMix64
/// (Steele, Lea, Flood 2014).
/// </summary>
/// <param name="seed">The seed.</param>
public sealed class SeededRandom(ulong seed) : Random
{
    private ulong _state = seed;

    /// <summary>Random numbers of their own for one part of a simulation, so that it does not change what the others get.</summary>
    /// <param name="seed">The seed of the simulation.</param>
    /// <param name="part">The name of the part.</param>
    public static SeededRandom For(ulong seed, string part)
    {
        var trace = new TraceHash();
        trace.Add(seed);
        trace.Add(part);
        return new SeededRandom(trace.Value);
    }

    /// <inheritdoc/>
    public override long NextInt64() => (long)(NextBits() >> 1);

    /// <inheritdoc/>
    public override int Next() => (int)(NextBits() % int.MaxValue);

    /// <inheritdoc/>
    public override int Next(int maxValue) => Next(0, maxValue);

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        var range = (ulong)((long)maxValue - minValue);
        return range == 0 ? minValue : (int)(minValue + (long)Math.BigMul(NextBits(), range, out _));
    }

    /// <inheritdoc/>
    public override double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref var value in buffer)
            value = (byte)NextBits();
    }

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();

    private ulong NextBits()
    {
        var bits = _state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
