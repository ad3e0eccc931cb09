using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>A developer registers an app.</summary>
/// <param name="Owner">User id of the developer.</param>
/// <param name="Name">Shown to users who are asked for their consent.</param>
/// <param name="SecretHash">Keyed hash of the client secret; null for a public client, which cannot keep one.</param>
/// <param name="RedirectUris">Where codes may be sent; compared letter by letter.</param>
/// <param name="Scopes">What it may ask users for.</param>
/// <param name="RequestsAMinute">Quota over all of its users.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.app-draft")]
public sealed record AppDraft(
    [property: Id(0)] Guid Owner,
    [property: Id(1)] string Name,
    [property: Id(2)] string? SecretHash,
    [property: Id(3)] ImmutableArray<string> RedirectUris,
    [property: Id(4)] ImmutableArray<string> Scopes,
    [property: Id(5)] int RequestsAMinute);

/// <summary>An app that is registered and not revoked.</summary>
/// <param name="Id">Client id.</param>
/// <param name="Draft">As registered.</param>
/// <param name="RegisteredAt">When.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.app")]
public sealed record AppView([property: Id(0)] Guid Id, [property: Id(1)] AppDraft Draft, [property: Id(2)] DateTimeOffset RegisteredAt);

/// <summary>An authorization code that waits for its one use, bound to everything it was asked for with.</summary>
/// <param name="Code">Random id.</param>
/// <param name="ClientId">The app.</param>
/// <param name="RedirectUri">Where it was sent.</param>
/// <param name="Scopes">What the user has agreed to.</param>
/// <param name="Challenge">PKCE challenge (S256), base64url.</param>
/// <param name="Session">The session that it opens.</param>
/// <param name="Until">Until when it is good.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.pending-code")]
public sealed record PendingCode(
    [property: Id(0)] Guid Code,
    [property: Id(1)] Guid ClientId,
    [property: Id(2)] string RedirectUri,
    [property: Id(3)] ImmutableArray<string> Scopes,
    [property: Id(4)] string Challenge,
    [property: Id(5)] Guid Session,
    [property: Id(6)] DateTimeOffset Until);

/// <summary>What makes a session an app's: it has no role, and only what the user has agreed to is open to it.</summary>
/// <param name="ClientId">The app.</param>
/// <param name="Scopes">What the user has agreed to.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.app-session")]
public sealed record AppSession([property: Id(0)] Guid ClientId, [property: Id(1)] ImmutableArray<string> Scopes);

/// <summary>An app that a user has let in.</summary>
/// <param name="ClientId">The app.</param>
/// <param name="Name">Its name when she agreed.</param>
/// <param name="Scopes">What she has agreed to last.</param>
/// <param name="Session">The session that the newest code opened.</param>
/// <param name="At">When she agreed last.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.app-grant")]
public sealed record AppGrant(
    [property: Id(0)] Guid ClientId,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Scopes,
    [property: Id(3)] Guid Session,
    [property: Id(4)] DateTimeOffset At);
