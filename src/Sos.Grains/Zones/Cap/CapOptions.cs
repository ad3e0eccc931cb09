using System.ComponentModel.DataAnnotations;

namespace Sos.Grains.Zones.Cap;

/// <summary>Official warnings; configuration section <c>Sos:Cap</c>.</summary>
public sealed class CapOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sos:Cap";

    /// <summary>A clock that is ahead by more is wrong.</summary>
    internal static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    /// <summary>
    /// The sender of what is published here (1 to 120 characters without spaces, commas, &lt; and &amp;), a name that is nobody else's, like <c>alerts@city.example</c>. Default: none, and nothing is
    /// published.
    /// </summary>
    [RegularExpression("[^ ,<&]{1,120}")]
    public string? Sender { get; set; }

    /// <summary>The sender as people know it. Default: not said.</summary>
    [StringLength(80, MinimumLength = 1)]
    public string? SenderName { get; set; }

    /// <summary>The language of the names of zones (RFC 3066). Default en-US.</summary>
    [RegularExpression("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")]
    public string Language { get; set; } = "en-US";

    /// <summary>Feeds of official warnings that are asked for news. Default: none.</summary>
    public IReadOnlyList<CapFeedOptions> Feeds { get; set; } = [];

    /// <summary>Feeds may be of this network, and without encryption: for tests, and for a publisher in the same house. Default: false.</summary>
    public bool AllowLocalFeeds { get; set; }

    /// <summary>A warning that does not say when it is over ends so long after it was sent. Default 24 h; 1 h to 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan UsualLife { get; set; } = TimeSpan.FromHours(24);

    /// <summary>No zone of a warning lasts longer from the moment it is taken. Default 30 days; 1 h to 365 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan LongestLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// A warning is kept for so long after it was taken, has ended and is over, and one that was sent longer ago is not taken: what has been ended cannot be sent again. Default
    /// 30 days; 7 to 365 days.
    /// </summary>
    [Range(typeof(TimeSpan), "7.00:00:00", "365.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(30);
}
