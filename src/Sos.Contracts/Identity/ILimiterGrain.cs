using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>
/// How often a subject may do something: at most so many times in any window. In memory only: a restart gives a window back, and a
/// stranger who invents subjects fills no disk. Key: limiter and keyed hash of the subject.
/// </summary>
[Alias("sos.identity.ILimiterGrain")]
public interface ILimiterGrain : IGrainWithStringKey
{
    /// <summary>Takes one, or says how long to wait.</summary>
    [Alias("Take")] Task<LimitAnswer> Take(LimitRule rule);

    /// <summary>Gives the newest one back.</summary>
    [Alias("Give")] Task Give();
}
