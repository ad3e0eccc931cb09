using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>
/// An address (phone number or e-mail) at which somebody proves who she is by a one-time code. It knows neither the address nor the
/// codes, only keyed hashes. Key: keyed hash of the normalised address, lower-case hexadecimal.
/// </summary>
[Alias("sos.identity.IPhoneGrain")]
public interface IPhoneGrain : IGrainWithStringKey
{
    /// <summary>Begins a sign-in; an earlier code is dead from then on. Refused while the last code is younger than the resend time.</summary>
    [Alias("Start")] Task<CodeStarted> Start(StartCode command);

    /// <summary>Checks a code. It counts tries durably, so that a crash gives none back.</summary>
    [Alias("Check")] Task<CodeChecked> Check(CheckCode command);

    /// <summary>The user of this address, made if there is none. Only for proofs other than a code: the caller has checked them.</summary>
    [Alias("Claim")] Task<Guid> Claim();
}
