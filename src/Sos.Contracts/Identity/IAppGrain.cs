using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Identity;

/// <summary>An app of a developer (an OAuth client). Key: client id.</summary>
[Alias("sos.identity.IAppGrain")]
public interface IAppGrain : IGrainWithGuidKey
{
    /// <summary>Registers it; again: changes nothing.</summary>
    [Alias("Register")] Task<AppView> Register(AppDraft draft);

    /// <summary>The app; null when there is none or it was revoked. From memory.</summary>
    [Alias("View"), AlwaysInterleave] Task<AppView?> View();

    /// <summary>Revokes it for good, and with it every token of its users; again: changes nothing.</summary>
    [Alias("Revoke")] Task Revoke();
}
