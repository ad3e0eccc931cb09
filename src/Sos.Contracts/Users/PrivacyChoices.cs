using Orleans;

namespace Sos.Contracts.Users;

/// <summary>What a person has chosen to have kept and shown.</summary>
/// <param name="HideRoute">Where she goes during an alert is not kept as a track; where she is still reaches who helps.</param>
/// <param name="EraseAtClose">The data of her alerts is destroyed as soon as they are closed and everybody is told.</param>
[GenerateSerializer, Immutable, Alias("sos.users.privacy-choices")]
public sealed record PrivacyChoices([property: Id(0)] bool HideRoute, [property: Id(1)] bool EraseAtClose);

/// <summary>What a person changes of it; null members stay.</summary>
/// <param name="HideRoute">See <see cref="PrivacyChoices"/>.</param>
/// <param name="EraseAtClose">See <see cref="PrivacyChoices"/>; counts for alerts that close from now on.</param>
[GenerateSerializer, Immutable, Alias("sos.users.privacy-change")]
public sealed record PrivacyChange([property: Id(0)] bool? HideRoute, [property: Id(1)] bool? EraseAtClose);
