namespace Sos.Grains.Alerts;

/// <summary>Times of boards and those who follow them. Parts of a protocol between grains, therefore not options.</summary>
internal static class BoardTimes
{
    /// <summary>How often followers say that they are still there.</summary>
    public static TimeSpan RenewEvery { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a follower stays without saying so: one renewal may be lost.</summary>
    public static TimeSpan FollowFor { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a board waits before it tries again to list its area.</summary>
    public static TimeSpan RetryListing { get; } = TimeSpan.FromSeconds(5);
}
