using Microsoft.Extensions.Options;

namespace Sos.Grains.Geo;

/// <summary>Positions and cells; configuration section <c>Sos:Geo</c>.</summary>
public sealed class GeoOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sos:Geo";

    /// <summary>A person heard of within this time is live, else stale. Default 60 s; 1 s to 10 min.</summary>
    public TimeSpan LiveFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A position older than this is expired: never shown, never used. Default 30 min; longer than <see cref="LiveFor"/>, at most a day.</summary>
    public TimeSpan ExpiresAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a new cell says that it has not heard of everybody. Default 60 s; 0 to 10 min.</summary>
    public TimeSpan WarmingFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a cell forgets expired entries. Default 60 s; 1 s to 10 min.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>When a search answers with the cells it has heard from. Default 2 s; 0.1 to 4 s, below the deadline of an alert's turn.</summary>
    public TimeSpan SearchDeadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Most cells one search asks, nearest first. Cells narrow towards the poles; 1,024 hold a circle of 25 km up to 83° north or south.
    /// Default 1,024; 16 to 16,384.
    /// </summary>
    public int MostCells { get; set; } = 1_024;

    /// <summary>Who has moved faster, in m/s, was in one of the two places only. Default 340, faster than aeroplanes; 20 to 10,000.</summary>
    public double TopSpeed { get; set; } = 340;

    /// <summary>Between two fixes no further apart in time she went straight, as far as zones go. Default 10 min; 0 to 1 h.</summary>
    public TimeSpan OneWayWithin { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>… and not faster than this, in m/s. Default 70; 1 to 340.</summary>
    public double OneWaySpeed { get; set; } = 70;

    /// <summary>What is told later than this raises no alarm any more. Default 2 min; 10 s to 30 min.</summary>
    public TimeSpan LateAfter { get; set; } = TimeSpan.FromMinutes(2);
}

/// <summary>Refuses options that contradict each other before the silo starts.</summary>
internal sealed class GeoOptionsValidator : IValidateOptions<GeoOptions>
{
    public ValidateOptionsResult Validate(string? name, GeoOptions options)
    {
        var errors = new List<string>();
        Check(nameof(options.LiveFor), options.LiveFor, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Check(nameof(options.ExpiresAfter), options.ExpiresAfter, options.LiveFor + TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Check(nameof(options.WarmingFor), options.WarmingFor, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Check(nameof(options.SweepEvery), options.SweepEvery, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Check(nameof(options.SearchDeadline), options.SearchDeadline, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(4));
        Check(nameof(options.MostCells), options.MostCells, 16, 16_384);
        Check(nameof(options.TopSpeed), options.TopSpeed, 20, 10_000);
        Check(nameof(options.OneWayWithin), options.OneWayWithin, TimeSpan.Zero, TimeSpan.FromHours(1));
        Check(nameof(options.OneWaySpeed), options.OneWaySpeed, 1, 340);
        Check(nameof(options.LateAfter), options.LateAfter, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(30));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check<T>(string member, T value, T least, T most) where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                errors.Add($"{GeoOptions.Section}:{member} is {value}; it must be {least} to {most}.");
            }
        }
    }
}
