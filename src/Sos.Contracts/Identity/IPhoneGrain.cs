using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>
/// An address (phone number or e-mail) at which somebody proves who she is by a one-time code. It knows neither the address nor the
/// codes, only keyed hashes. Key: keyed hash of the normalised address, lower-case hexadecimal.
/// </summary>
[Alias("sos.identity.IPhoneGrain")]
public interface IPhoneGrain : IGrainWithStringKey
{
    /// <summary>
    /// Puts a code into a code session; an earlier one of the same session is dead from then on, those of other sessions are not.
    /// Refused while the address's last code is younger than the resend time, and when its day's codes are used up.
    /// </summary>
    [Alias("Start")] Task<CodeStarted> Start(StartCode command);

    /// <summary>Checks a code. It counts tries durably, so that a crash gives none back.</summary>
    [Alias("Check")] Task<CodeChecked> Check(CheckCode command);

    /// <summary>The user of this address, made if there is none. Only for proofs other than a code: the caller has checked them.</summary>
    [Alias("Claim")] Task<Guid> Claim();

    /// <summary>The user of this address; null when there is none.</summary>
    [Alias("Owner")] Task<Guid?> Owner();

    /// <summary>Makes this the address of a user who has just proved to read it; false when it is another user's.</summary>
    [Alias("Link")] Task<bool> Link(Guid userId);

    /// <summary>Takes the one text message in 30 days by which this number is asked to be somebody's relative, whoever asks; durable. False: it has had that, or has refused.</summary>
    [Alias("TakeInvitation")] Task<bool> TakeInvitation();

    /// <summary>Whoever reads this number has refused: for a year no such text message goes there, whoever asks. Durable; again within a day: changes nothing.</summary>
    [Alias("RefuseInvitations")] Task RefuseInvitations();

    /// <summary>Forgets wrong codes: somebody has proved who she is in another way, or an administrator vouches for her.</summary>
    [Alias("Forgive")] Task Forgive();

    /// <summary>Is no longer the address of a user whose account has been deleted, and is free for another; again, or another's: changes nothing.</summary>
    [Alias("Unlink")] Task Unlink(Guid userId);
}
