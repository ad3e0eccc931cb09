using Microsoft.Extensions.Options;

namespace Sos.Grains.Identity;

/// <summary>Who needs a second factor.</summary>
public enum SecondFactorUse
{
    /// <summary>Responders, operators and administrators: without it their sessions are plain users'.</summary>
    Staff,

    /// <summary>Nobody. Development only.</summary>
    Off,
}

/// <summary>Section <c>Sos:Identity</c>: lengths of codes, tokens and sessions.</summary>
public sealed class IdentityOptions
{
    /// <summary>How long a one-time code is good; at most 10 min (OWASP ASVS 5.0, 6.5.5).</summary>
    public TimeSpan CodeLife { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Wrong codes after which a code session is dead.</summary>
    public int CodeTries { get; set; } = 5;

    /// <summary>Time between two codes to one address.</summary>
    public TimeSpan Resend { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Codes to one address in any 24 hours.</summary>
    public int CodesADay { get; set; } = 5;

    /// <summary>Wrong codes in a row after which an address takes no more until somebody vouches for its user; at most 100 (NIST SP 800-63B).</summary>
    public int MostFailures { get; set; } = 100;

    /// <summary>Codes an hour that one block of network addresses (/24, /64) may ask for.</summary>
    public int CodesAnHourABlock { get; set; } = 20;

    /// <summary>Codes an hour to numbers that differ in their last four digits only.</summary>
    public int CodesAnHourAPrefix { get; set; } = 100;

    /// <summary>Wrong proofs (codes, passwords, second factors) an hour from one block of network addresses.</summary>
    public int FailuresAnHourABlock { get; set; } = 60;

    /// <summary>Wrong passwords an hour for one address, whether it has an account or not; it can still sign in by code.</summary>
    public int PasswordsAnHour { get; set; } = 10;

    /// <summary>Cost of a password's hash: 15 is 32 MiB and a third of a second, each step more doubles both. At least 14 outside Development.</summary>
    public int PasswordCost { get; set; } = 15;

    /// <summary>A file of passwords that nobody may choose, one a line, like a list of breached ones; empty: none beside the built-in rules.</summary>
    public string DeniedPasswords { get; set; } = "";

    /// <summary>Codes an hour that are sent in any case; above it at most three times last week's busiest hour.</summary>
    public int CodesAnHour { get; set; } = 1000;

    /// <summary>Wrong codes a minute, of all accounts together, that raise the alarm.</summary>
    public int AlarmFailuresAMinute { get; set; } = 100;

    /// <summary>Least part of an hour's codes that is used; below it the alarm is raised. From 0 to 1.</summary>
    public double AlarmConversion { get; set; } = 0.3;

    /// <summary>Who is told of alarms and of nothing else: phone numbers (E.164) and e-mail addresses.</summary>
    public IList<string> SecurityContacts { get; } = [];

    /// <summary>Calling codes that texts are sent to, like 49; empty: all that are assigned.</summary>
    public IList<string> Countries { get; } = [];

    /// <summary>Beginnings of numbers that no text is sent to, beside the premium ranges that are known, like +4919.</summary>
    public IList<string> DeniedPrefixes { get; } = [];

    /// <summary>How long an access token is good.</summary>
    public TimeSpan AccessLife { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Difference of clocks that is forgiven; at most 60 s.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Who needs a second factor; Off is refused outside Development, where it is what is used when nothing is set.</summary>
    public SecondFactorUse SecondFactor { get; set; } = SecondFactorUse.Staff;

    /// <summary>
    /// How long a proof of the second factor lets its session administer, and a sign-in change how one signs in; at most 15 min.
    /// </summary>
    public TimeSpan StepUpLife { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a key signs access tokens.</summary>
    public TimeSpan SigningKeyLife { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a key verifies after it has signed its last.</summary>
    public TimeSpan SigningKeyOverlap { get; set; } = TimeSpan.FromDays(1);

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

    /// <summary>Numbers (E.164) that begin like this sign in with the code 000000 and without limits. For Development and the sandbox: another start refuses it.</summary>
    public string TestNumbers { get; set; } = "";

    /// <summary>Nobody else signs in, by number or by e-mail. The sandbox sets it.</summary>
    public bool OnlyTestNumbers { get; set; }

    /// <summary>
    /// One number (E.164) with which the stores' reviewers sign in without a message; off while empty. It stays a plain user, keeps every
    /// limit, and needs <see cref="ReviewCode"/> and <see cref="ReviewUntil"/>.
    /// </summary>
    public string ReviewNumber { get; set; } = "";

    /// <summary>The code of <see cref="ReviewNumber"/>: six digits that the deployment chooses; not all alike.</summary>
    public string ReviewCode { get; set; } = "";

    /// <summary>From then on the number is like any other.</summary>
    public DateTimeOffset ReviewUntil { get; set; }

    /// <summary>True for a number under <see cref="TestNumbers"/>.</summary>
    public bool IsTest(string address) => TestNumbers.Length > 0 && address.StartsWith(TestNumbers, StringComparison.Ordinal);

    internal sealed class Validator : IValidateOptions<IdentityOptions>
    {
        public ValidateOptionsResult Validate(string? name, IdentityOptions options)
        {
            if (options.CodeLife <= TimeSpan.Zero || options.CodeLife > TimeSpan.FromMinutes(10)) return Refuse("CodeLife must be above 0 and at most 00:10:00.");
            if (options.CodeTries is < 1 or > 10) return Refuse("CodeTries must be 1 to 10.");
            if (options.Resend < TimeSpan.Zero || options.Resend > options.CodeLife) return Refuse("Resend must be between 0 and CodeLife.");
            if (options.CodesADay is < 1 or > 20) return Refuse("CodesADay must be 1 to 20.");
            if (options.MostFailures is < 1 or > 100) return Refuse("MostFailures must be 1 to 100.");
            int[] limits = [options.CodesAnHourABlock, options.CodesAnHourAPrefix, options.FailuresAnHourABlock, options.PasswordsAnHour];
            if (limits.Any(limit => limit is < 1 or > 10_000)) return Refuse("CodesAnHourABlock, CodesAnHourAPrefix, FailuresAnHourABlock and PasswordsAnHour must be 1 to 10000.");
            if (options.PasswordCost is < 4 or > 20) return Refuse("PasswordCost must be 4 to 20.");
            if (options.CodesAnHour < 1 || options.AlarmFailuresAMinute < 1) return Refuse("CodesAnHour and AlarmFailuresAMinute must be at least 1.");
            if (options.AlarmConversion is not (>= 0 and <= 1)) return Refuse("AlarmConversion must be 0 to 1.");
            if (!options.Countries.All(code => code.Length is >= 1 and <= 3 && code.All(char.IsAsciiDigit))) return Refuse("Countries must be calling codes like 49.");
            if (!options.DeniedPrefixes.All(prefix => prefix.Length >= 2 && prefix[0] == '+')) return Refuse("DeniedPrefixes must be beginnings of numbers like +4919.");
            if (options.ReviewNumber.Length > 0 && !HasReviewCode(options)) return Refuse("ReviewCode must be six digits, not all alike, and ReviewUntil a date.");
            if (options.AccessLife < TimeSpan.FromMinutes(1) || options.AccessLife > TimeSpan.FromHours(1)) return Refuse("AccessLife must be 00:01:00 to 01:00:00.");
            if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromSeconds(60)) return Refuse("ClockSkew must be 0 to 00:01:00.");
            if (options.StepUpLife <= TimeSpan.Zero || options.StepUpLife > TimeSpan.FromMinutes(15)) return Refuse("StepUpLife must be above 0 and at most 00:15:00.");
            if (options.SigningKeyLife < TimeSpan.FromDays(2)) return Refuse("SigningKeyLife must be 2 days or more.");
            if (options.SigningKeyOverlap < options.AccessLife + options.ClockSkew) return Refuse("SigningKeyOverlap must be at least AccessLife and ClockSkew together.");
            if (options.SessionIdle <= TimeSpan.Zero || options.SessionLife < options.SessionIdle) return Refuse("SessionLife must be at least SessionIdle, and that above 0.");
            if (options.RefreshGrace < TimeSpan.Zero || options.RefreshGrace > TimeSpan.FromMinutes(2)) return Refuse("RefreshGrace must be 0 to 00:02:00.");
            if (options.MaxSessions is < 1 or > 100) return Refuse("MaxSessions must be 1 to 100.");
            if (options.SessionTrust < TimeSpan.Zero || options.SessionTrust > options.AccessLife) return Refuse("SessionTrust must be between 0 and AccessLife.");
            if (options.TokenCacheSize < 16) return Refuse("TokenCacheSize must be at least 16.");
            if (!options.CountryCode.All(char.IsAsciiDigit)) return Refuse("CountryCode must be digits only, like 49.");
            return options.TestNumbers.Length is 0 or >= 4 ? ValidateOptionsResult.Success : Refuse("TestNumbers must be a prefix of 4 characters or more, like +1555.");
        }

        private static bool HasReviewCode(IdentityOptions options) => options.ReviewNumber[0] == '+' && options.ReviewUntil != default
            && options.ReviewCode is { Length: 6 } code && code.All(char.IsAsciiDigit) && code.Distinct().Count() > 1;

        private static ValidateOptionsResult Refuse(string why) => ValidateOptionsResult.Fail($"Sos:Identity:{why}");
    }
}
