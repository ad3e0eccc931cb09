using Microsoft.Extensions.Options;

namespace Sos.Grains.Responders;

/// <summary>Duty, capacity and inbox; configuration section <c>Sos:Responders</c>.</summary>
public sealed class ResponderOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sos:Responders";

    /// <summary>An unconfirmed reservation lapses after this. Default 10 min; 30 s to 1 h.</summary>
    public TimeSpan ReservationLapsesAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A change of cell is written at most this often. Default 1 min; 1 s to 10 min.</summary>
    public TimeSpan CellWriteEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Who stays in her cell has its time written this often, so that it has not expired after a restart. Default 10 min; 1 to 25 min.</summary>
    public TimeSpan CellRefreshEvery { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Inbox items are dropped after this. Default 24 h; 1 h to 7 days.</summary>
    public TimeSpan InboxKeptFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>An observer that has not followed again for this long is dropped. Default 60 s; 10 s to 10 min.</summary>
    public TimeSpan ObserverExpiry { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Weight of the prior of reliability, in requests that ended with help and as many that were missed: how slowly a newcomer's 0.5 moves.
    /// Default 2; 0.5 to 50.
    /// </summary>
    public double ReliabilityPrior { get; set; } = 2;

    /// <summary>Requests that reliability remembers; older ones fade. Default 40; 5 to 1,000.</summary>
    public double ReliabilityMemory { get; set; } = 40;

    /// <summary>
    /// Administrators, each another one, who must vouch for an applicant. Default 2; 1 or 2. Development has 1 unless it is set; elsewhere 1 is refused.
    /// </summary>
    public int Approvals { get; set; } = 2;

    /// <summary>Longest validity of a clearance. Default 365 days; 1 day to 3 years.</summary>
    public TimeSpan LongestClearance { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Shortest time between two rounds of announcements of a roster. Default 2 s; 0.5 to 30 s, well below a cell's warming time.</summary>
    public TimeSpan AnnounceEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a round waits for more cells to ask, since a search starts several at once. Default 50 ms; 0 to 1 s.</summary>
    public TimeSpan AnnounceAfter { get; set; } = TimeSpan.FromMilliseconds(50);
}

/// <summary>Refuses options out of range before the silo starts.</summary>
internal sealed class ResponderOptionsValidator : IValidateOptions<ResponderOptions>
{
    public ValidateOptionsResult Validate(string? name, ResponderOptions options)
    {
        var errors = new List<string>();
        Check(nameof(options.ReservationLapsesAfter), options.ReservationLapsesAfter, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1));
        Check(nameof(options.CellWriteEvery), options.CellWriteEvery, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Check(nameof(options.CellRefreshEvery), options.CellRefreshEvery, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(25));
        Check(nameof(options.InboxKeptFor), options.InboxKeptFor, TimeSpan.FromHours(1), TimeSpan.FromDays(7));
        Check(nameof(options.ObserverExpiry), options.ObserverExpiry, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
        Check(nameof(options.ReliabilityPrior), options.ReliabilityPrior, 0.5, 50);
        Check(nameof(options.ReliabilityMemory), options.ReliabilityMemory, 5, 1_000);
        Check(nameof(options.Approvals), options.Approvals, 1, 2);
        Check(nameof(options.LongestClearance), options.LongestClearance, TimeSpan.FromDays(1), TimeSpan.FromDays(3 * 365));
        Check(nameof(options.AnnounceEvery), options.AnnounceEvery, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));
        Check(nameof(options.AnnounceAfter), options.AnnounceAfter, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check<T>(string member, T value, T least, T most) where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                errors.Add($"{ResponderOptions.Section}:{member} is {value}; it must be {least} to {most}.");
            }
        }
    }
}
