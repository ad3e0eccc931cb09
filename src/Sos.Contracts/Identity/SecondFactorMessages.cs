using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>Answer to who begins a try.</summary>
/// <param name="SealedSecret">The secret as it was given; null when there is none, or no try is left.</param>
/// <param name="Wait">Not zero: how long until a try is left again.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.second-factor-try")]
public sealed record SecondFactorTry([property: Id(0)] ImmutableArray<byte>? SealedSecret, [property: Id(1)] TimeSpan Wait);

/// <summary>A code of the proposed secret fitted.</summary>
/// <param name="SealedSecret">The secret that it fitted.</param>
/// <param name="Step">Number of the code's step; used up by this.</param>
/// <param name="Recovery">Keyed hashes of new recovery codes.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.second-factor-confirmation")]
public sealed record SecondFactorConfirmation(
    [property: Id(0)] ImmutableArray<byte> SealedSecret, [property: Id(1)] long Step, [property: Id(2)] ImmutableArray<string> Recovery);

/// <summary>A second factor as its owner sees it.</summary>
/// <param name="Active">It is in use.</param>
/// <param name="RecoveryLeft">Recovery codes that are left.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.second-factor")]
public sealed record SecondFactorView([property: Id(0)] bool Active, [property: Id(1)] int RecoveryLeft);
