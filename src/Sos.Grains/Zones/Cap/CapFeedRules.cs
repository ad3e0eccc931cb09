using System.Runtime.InteropServices;
using Orleans;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>How a feed is, as it is kept.</summary>
[GenerateSerializer, Alias("sos.zones.cap.feed-state")]
internal sealed class CapFeedState
{
    [Id(0)] public string? ETag { get; set; }

    [Id(1)] public string? Modified { get; set; }

    /// <summary>Marks of the messages of the newest index that have been taken in, eight bytes each.</summary>
    [Id(2)] public byte[] Seen { get; set; } = [];

    [Id(3)] public DateTimeOffset? TriedAt { get; set; }

    [Id(4)] public DateTimeOffset? GoodAt { get; set; }

    [Id(5)] public int Failures { get; set; }

    [Id(6)] public string? Fault { get; set; }

    [Id(7)] public DateTimeOffset? NextAt { get; set; }

    [Id(8)] public long Taken { get; set; }

    [Id(9)] public long Ignored { get; set; }

    [Id(10)] public long Refused { get; set; }
}

/// <summary>When a feed is asked, and what is remembered of it.</summary>
internal static class CapFeedRules
{
    /// <summary>However often it failed, it is asked again after so long.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    /// <summary>Takes in what a round came to.</summary>
    public static void Settle(CapFeedState state, CapFeedRound round, TimeSpan every, DateTimeOffset now)
    {
        state.TriedAt = now;
        (state.Taken, state.Ignored, state.Refused) = (state.Taken + round.Taken, state.Ignored + round.Ignored, state.Refused + round.Refused);
        state.Seen = round.Seen ?? state.Seen;
        state.Fault = round.Fault;
        if (round.Fault is not null)
        {
            state.Failures++;
            state.NextAt = now + Pause(every, state.Failures);
            return;
        }

        // What has not been taken in whole is asked for again whatever its version.
        (state.ETag, state.Modified) = (round.ETag, round.Modified);
        (state.GoodAt, state.Failures, state.NextAt) = (now, 0, round.IsLeft ? now : now + every);
    }

    /// <summary>Twice as long after each failure.</summary>
    public static TimeSpan Pause(TimeSpan every, int failures)
    {
        var pause = every;
        for (var i = 0; i < failures && pause < LongestPause; i++) pause *= 2;
        return pause < LongestPause ? pause : every > LongestPause ? every : LongestPause;
    }

    /// <summary>The marks of a packed list.</summary>
    public static HashSet<long> Unpack(byte[] packed) => [.. MemoryMarshal.Cast<byte, long>(packed)];

    /// <summary>Packs marks.</summary>
    public static byte[] Pack(IEnumerable<long> marks) => MemoryMarshal.AsBytes(marks.ToArray().AsSpan()).ToArray();

    /// <summary>How it is.</summary>
    public static CapFeedHealth View(CapFeedState state, string name) =>
        new(name, state.TriedAt, state.GoodAt, state.Failures, state.Fault, state.NextAt, state.Taken, state.Ignored, state.Refused);
}
