using Microsoft.Extensions.Options;

namespace Sos.Grains.Dispatch;

/// <summary>The numbers of dispatch. Configuration section <c>Sos:Dispatch</c>.</summary>
public sealed class DispatchOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Sos:Dispatch";

    /// <summary>The service assigns by itself this long after the press, or after the cancel countdown. Default 30 s.</summary>
    public TimeSpan AutoAssignAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long somebody who was asked has to answer (X). Default 20 s.</summary>
    public TimeSpan AnswerTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Search rings (R) in kilometres, growing. Default 3, 6, 12, 25.</summary>
    public IList<double> RingsKilometres { get; } = [];

    /// <summary>A wave asks the smallest set of people of whom somebody accepts with this probability. Default 0.9.</summary>
    public double WaveTarget { get; set; } = 0.9;

    /// <summary>Most people of a wave. Default 8.</summary>
    public int WaveCap { get; set; } = 8;

    /// <summary>Longest straight-line factor on foot. Default 1.3.</summary>
    public double DetourWalk { get; set; } = 1.3;

    /// <summary>Longest straight-line factor by car. Default 1.4.</summary>
    public double DetourCar { get; set; } = 1.4;

    /// <summary>Speed on foot in km/h. Default 5.</summary>
    public double WalkKilometresPerHour { get; set; } = 5;

    /// <summary>Speed by car in km/h, in a town, with the way to the car. Default 32.</summary>
    public double CarKilometresPerHour { get; set; } = 32;

    /// <summary>The victim is told that nobody has accepted yet after this time. Default 60 s.</summary>
    public TimeSpan NobodyYetAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>With nobody left to ask, everything is tried again after this time. Default 15 s.</summary>
    public TimeSpan RetryEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a ring is asked again each second while its cells have just started, before the ring is widened. Default 3 s.</summary>
    public TimeSpan WarmingPatience { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Without a receipt an offer is pushed once more after this time, and texted after twice this time. Default 5 s.</summary>
    public TimeSpan NudgeAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Who has accepted must be under way within this time, or the next is sought. Default 3 min.</summary>
    public TimeSpan EnRouteWithin { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Numbers (E.164) that are told by text when an alert has nobody and no operator is connected.</summary>
    public IList<string> OnCallNumbers { get; } = [];

    internal IReadOnlyList<double> Rings => RingsKilometres.Count > 0 ? (IReadOnlyList<double>)RingsKilometres : DefaultRings;

    private static readonly double[] DefaultRings = [3, 6, 12, 25];
}

/// <summary>Stops a start with numbers that cannot be meant.</summary>
internal sealed class DispatchOptionsValidator : IValidateOptions<DispatchOptions>
{
    public ValidateOptionsResult Validate(string? name, DispatchOptions options)
    {
        var failures = new List<string>();
        Positive(options.AutoAssignAfter, nameof(options.AutoAssignAfter));
        Positive(options.AnswerTime, nameof(options.AnswerTime));
        Positive(options.NobodyYetAfter, nameof(options.NobodyYetAfter));
        Positive(options.RetryEvery, nameof(options.RetryEvery));
        Positive(options.NudgeAfter, nameof(options.NudgeAfter));
        Positive(options.EnRouteWithin, nameof(options.EnRouteWithin));
        if (options.WaveTarget is not (> 0 and < 1)) failures.Add($"{DispatchOptions.Section}:WaveTarget must lie between 0 and 1.");
        if (options.WaveCap is < 1 or > 50) failures.Add($"{DispatchOptions.Section}:WaveCap must be 1 to 50.");
        if (options.DetourWalk is not (>= 1 and < 10) || options.DetourCar is not (>= 1 and < 10)) failures.Add($"{DispatchOptions.Section}: detour factors must be 1 to 10.");
        if (options.WalkKilometresPerHour is not (> 0 and < 1000) || options.CarKilometresPerHour is not (> 0 and < 1000)) failures.Add($"{DispatchOptions.Section}: speeds must be above 0 km/h.");
        if (options.Rings.Any(r => r is not (> 0 and <= 100)) || options.Rings.Zip(options.Rings.Skip(1)).Any(p => p.Second <= p.First))
            failures.Add($"{DispatchOptions.Section}:RingsKilometres must grow and be at most 100.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Positive(TimeSpan value, string member)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)) failures.Add($"{DispatchOptions.Section}:{member} must be above 0 and at most a day.");
        }
    }
}
