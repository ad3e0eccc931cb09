using Microsoft.Extensions.Options;

namespace Sos.Grains.Identity;

/// <summary>Section <c>Sos:Identity</c>: lengths of codes, tokens and sessions.</summary>
public sealed class IdentityOptions
{
    /// <summary>How long a one-time code is good; at most 10 min (OWASP ASVS 5.0, 6.5.5).</summary>
    public TimeSpan CodeLife { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Wrong codes after which a code session is dead.</summary>
    public int CodeTries { get; set; } = 5;

    /// <summary>Time between two codes to one address.</summary>
    public TimeSpan Resend { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an access token is good.</summary>
    public TimeSpan AccessLife { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Difference of clocks that is forgiven; at most 60 s.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A session without a refresh for so long has ended.</summary>
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromDays(30);

    /// <summary>No session lives longer.</summary>
    public TimeSpan SessionLife { get; set; } = TimeSpan.FromDays(180);

    /// <summary>How long the device that used a refresh token gets the same successor again: the answer may have been lost.</summary>
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Open sessions of one user; the oldest makes room.</summary>
    public int MaxSessions { get; set; } = 20;

    /// <summary>How long a process believes that a session is still open without asking.</summary>
    public TimeSpan SessionTrust { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Verified tokens that a process remembers.</summary>
    public int TokenCacheSize { get; set; } = 16_384;

    /// <summary>The <c>iss</c> of access tokens.</summary>
    public string Issuer { get; set; } = "sos-orleans";

    /// <summary>The <c>aud</c> of access tokens.</summary>
    public string Audience { get; set; } = "sos-orleans-api";

    /// <summary>Country calling code of numbers written without one, digits only; empty: such numbers are refused.</summary>
    public string CountryCode { get; set; } = "";

    /// <summary>Numbers (E.164) that begin like this sign in with the code 000000 and without limits. Development only: a Production start refuses it.</summary>
    public string TestNumbers { get; set; } = "";

    /// <summary>True for a number under <see cref="TestNumbers"/>.</summary>
    public bool IsTest(string address) => TestNumbers.Length > 0 && address.StartsWith(TestNumbers, StringComparison.Ordinal);

    internal sealed class Validator : IValidateOptions<IdentityOptions>
    {
        public ValidateOptionsResult Validate(string? name, IdentityOptions options)
        {
            if (options.CodeLife <= TimeSpan.Zero || options.CodeLife > TimeSpan.FromMinutes(10)) return Refuse("CodeLife must be above 0 and at most 00:10:00.");
            if (options.CodeTries is < 1 or > 10) return Refuse("CodeTries must be 1 to 10.");
            if (options.Resend < TimeSpan.Zero || options.Resend > options.CodeLife) return Refuse("Resend must be between 0 and CodeLife.");
            if (options.AccessLife < TimeSpan.FromMinutes(1) || options.AccessLife > TimeSpan.FromHours(1)) return Refuse("AccessLife must be 00:01:00 to 01:00:00.");
            if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromSeconds(60)) return Refuse("ClockSkew must be 0 to 00:01:00.");
            if (options.SessionIdle <= TimeSpan.Zero || options.SessionLife < options.SessionIdle) return Refuse("SessionLife must be at least SessionIdle, and that above 0.");
            if (options.RefreshGrace < TimeSpan.Zero || options.RefreshGrace > TimeSpan.FromMinutes(2)) return Refuse("RefreshGrace must be 0 to 00:02:00.");
            if (options.MaxSessions is < 1 or > 100) return Refuse("MaxSessions must be 1 to 100.");
            if (options.SessionTrust < TimeSpan.Zero || options.SessionTrust > options.AccessLife) return Refuse("SessionTrust must be between 0 and AccessLife.");
            if (options.TokenCacheSize < 16) return Refuse("TokenCacheSize must be at least 16.");
            if (!options.CountryCode.All(char.IsAsciiDigit)) return Refuse("CountryCode must be digits only, like 49.");
            return options.TestNumbers.Length is 0 or >= 4 ? ValidateOptionsResult.Success : Refuse("TestNumbers must be a prefix of 4 characters or more, like +1555.");
        }

        private static ValidateOptionsResult Refuse(string why) => ValidateOptionsResult.Fail($"Sos:Identity:{why}");
    }
}
