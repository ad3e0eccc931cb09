using Orleans;
using Sos.Contracts.Identity;

namespace Sos.Grains.Identity;

/// <summary>A registered app. Its secret is in no record.</summary>
[GenerateSerializer, Alias("sos.identity.app-state")]
internal sealed class AppState
{
    [Id(0)] public AppDraft? Draft { get; set; }
    [Id(1)] public DateTimeOffset RegisteredAt { get; set; }

    /// <summary>When it was revoked; null while it is good.</summary>
    [Id(2)] public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>The apps of a person. Under 32 KB.</summary>
[GenerateSerializer, Alias("sos.identity.app-grants-state")]
internal sealed class AppGrantsState
{
    /// <summary>Apps that she has let in, oldest first; one entry a session.</summary>
    [Id(0)] public List<AppGrant> Grants { get; set; } = [];

    /// <summary>Apps that she has registered, oldest first.</summary>
    [Id(1)] public List<Guid> Own { get; set; } = [];
}
