using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Privacy;

/// <summary>The end of an account: asked for by the person, carried out after a grace. Key: user id.</summary>
[Alias("sos.privacy.IAccountDeletionGrain")]
public interface IAccountDeletionGrain : IGrainWithGuidKey
{
    /// <summary>Deletes the account after 7 days; asked again: the first time counts. Durable when answered.</summary>
    /// <param name="addressKeys">Keys of the phone grains that lead to the account.</param>
    /// <returns>When.</returns>
    [Alias("Ask")] Task<DateTimeOffset> Ask(ImmutableArray<string> addressKeys);

    /// <summary>When the account is due to be deleted; null when nobody has asked for it.</summary>
    [Alias("DueAt")] Task<DateTimeOffset?> DueAt();

    /// <summary>The account stays: she has signed in, or says so. False: too late, it is gone.</summary>
    [Alias("Cancel")] Task<bool> Cancel();
}
