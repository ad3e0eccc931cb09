using Orleans;

namespace Sos.Grains.Identity;

/// <summary>Open sessions of a user, oldest first; <see cref="IdentityOptions.MaxSessions"/>, for a moment up to twice as many.</summary>
[GenerateSerializer, Alias("sos.identity.session-index-state")]
public sealed class SessionIndexState
{
    /// <summary>Session ids.</summary>
    [Id(0)] public List<Guid> Sessions { get; set; } = [];
}
