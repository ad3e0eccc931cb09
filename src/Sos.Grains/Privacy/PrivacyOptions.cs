using Microsoft.Extensions.Options;

namespace Sos.Grains.Privacy;

/// <summary>How long data is kept. Section <c>Sos:Privacy</c>.</summary>
public sealed class PrivacyOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Sos:Privacy";

    /// <summary>An account goes so long after its person has asked for it; signing in calls it off.</summary>
    public static readonly TimeSpan DeletionGrace = TimeSpan.FromDays(7);

    /// <summary>How long after its close an alert's data is kept. Default 7 days; 1 hour to 30 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long after it was first seen to be due the clock must still say so before a key is destroyed, on the monotonic clock: a wall clock that
    /// was set forward by mistake destroys nothing. Default 10 minutes; 1 minute to 1 day.
    /// </summary>
    public TimeSpan ConfirmAfter { get; set; } = TimeSpan.FromMinutes(10);

    internal sealed class Validator : IValidateOptions<PrivacyOptions>
    {
        public ValidateOptionsResult Validate(string? name, PrivacyOptions options)
        {
            if (options.Retention < TimeSpan.FromHours(1) || options.Retention > TimeSpan.FromDays(30)) return ValidateOptionsResult.Fail($"{Section}:{nameof(Retention)} must be 1 hour to 30 days.");
            return options.ConfirmAfter < TimeSpan.FromMinutes(1) || options.ConfirmAfter > TimeSpan.FromDays(1)
                ? ValidateOptionsResult.Fail($"{Section}:{nameof(ConfirmAfter)} must be 1 minute to 1 day.")
                : ValidateOptionsResult.Success;
        }
    }
}
