using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Identity;

/// <summary>
/// The second factor of a user: the secret of her authenticator app, encrypted by the caller, and keyed hashes of recovery codes. Tries are
/// counted before anything is looked at, so that many at once are no more than one after another. Key: user id.
/// </summary>
[Alias("sos.identity.ISecondFactorGrain")]
public interface ISecondFactorGrain : IGrainWithGuidKey
{
    /// <summary>Keeps a new secret beside the one in use, until its first code confirms it.</summary>
    [Alias("Propose")] Task Propose(ImmutableArray<byte> sealedSecret);

    /// <summary>The secret that waits for its first code.</summary>
    [Alias("Proposed")] Task<SecondFactorTry> Proposed();

    /// <summary>Puts the proposed secret into use in place of an earlier one; false when it is another by now.</summary>
    [Alias("Confirm")] Task<bool> Confirm(SecondFactorConfirmation confirmation);

    /// <summary>Takes a try at a code: the secret in use, or how long to wait.</summary>
    [Alias("Begin")] Task<SecondFactorTry> Begin();

    /// <summary>Uses a step up whose code fitted; false when a code of it or of a later step was used before.</summary>
    [Alias("Use")] Task<bool> Use(long step);

    /// <summary>Uses a recovery code up; false when there is none like it.</summary>
    [Alias("Recover")] Task<bool> Recover(string hash);

    /// <summary>Replaces the recovery codes; false when no secret is in use.</summary>
    [Alias("Renew")] Task<bool> Renew(ImmutableArray<string> recovery);

    /// <summary>Forgets secrets and recovery codes.</summary>
    [Alias("Remove")] Task Remove();

    /// <summary>What there is.</summary>
    [Alias("View"), AlwaysInterleave] Task<SecondFactorView> View();

    /// <summary>Deletes the record for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
