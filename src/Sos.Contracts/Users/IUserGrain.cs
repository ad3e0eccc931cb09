using Orleans;
using Orleans.Concurrency;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;

namespace Sos.Contracts.Users;

/// <summary>A person with an account: profile, roles, open alert; the last position is kept in memory only. Key: user id.</summary>
[Alias("sos.users.IUserGrain")]
public partial interface IUserGrain : IGrainWithGuidKey
{
    /// <summary>Makes the account at the first sign-in; again: changes nothing and answers the profile. Null: the account has been deleted.</summary>
    [Alias("Register")] Task<UserProfile?> Register(UserRegistration registration);

    /// <summary>Changes what the person may change herself; null members stay.</summary>
    [Alias("Update")] Task<UserProfile?> Update(ProfileChange change);

    /// <summary>Changes roles, areas or the active flag. Administrators only; the caller checks that.</summary>
    [Alias("Grant")] Task<UserProfile?> Grant(UserGrant grant);

    /// <summary>The profile; null when there is no such user.</summary>
    [Alias("Profile"), AlwaysInterleave] Task<UserProfile?> Profile();

    /// <summary>What she has chosen to have kept and shown.</summary>
    [Alias("Choices"), AlwaysInterleave] Task<PrivacyChoices> Choices();

    /// <summary>Changes what is kept and shown; null members stay. Null when there is no such user.</summary>
    [Alias("Choose")] Task<PrivacyChoices?> Choose(PrivacyChange change);

    /// <summary>The alert of hers that is open, or null; from memory.</summary>
    [Alias("OpenAlert"), AlwaysInterleave] Task<Guid?> OpenAlert();

    /// <summary>An alert of hers was raised or has closed; told by the alert's outbox, durable, idempotent.</summary>
    [Alias("NoteAlert")] Task NoteAlert(Guid alertId, bool open);

    /// <summary>Tells her devices; answers how many processes hold connections of hers.</summary>
    [Alias("Tell"), AlwaysInterleave] Task<int> Tell(AlertEvent change);

    /// <summary>Sends her a text message (SMS, else e-mail) from the service's own templates; false when she has no address or has said STOP.</summary>
    [Alias("Text"), AlwaysInterleave] Task<bool> Text(Messaging.TextTemplate template, string idempotencyKey);

    /// <summary>Registers the observer of a process that holds connections of this person; renewed every 30 s, expires after 60 s.</summary>
    [Alias("Follow"), AlwaysInterleave] Task Follow(IDeviceObserver observer);

    /// <summary>Deletes the account for good: her data key is destroyed; what remains is that there was an account. Again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
