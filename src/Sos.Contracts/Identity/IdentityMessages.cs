using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>Begins a sign-in by one-time code.</summary>
/// <param name="SessionId">The code session that the code is bound to.</param>
/// <param name="CodeHash">Keyed hash of session and code, 32 bytes.</param>
/// <param name="IsTest">A test number: no resend time. Development only; the caller checks that.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.start-code")]
public sealed record StartCode([property: Id(0)] Guid SessionId, [property: Id(1)] ImmutableArray<byte> CodeHash, [property: Id(2)] bool IsTest);

/// <summary>Answer to <see cref="StartCode"/>.</summary>
/// <param name="Started">False: no code was made, earlier ones are as good as before.</param>
/// <param name="ResendAt">From when another may be asked for.</param>
/// <param name="ExpiresAt">Until when the code is good.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.code-started")]
public sealed record CodeStarted([property: Id(0)] bool Started, [property: Id(1)] DateTimeOffset ResendAt, [property: Id(2)] DateTimeOffset ExpiresAt);

/// <summary>A code as somebody typed it.</summary>
/// <param name="SessionId">The code session that it was asked for in.</param>
/// <param name="CodeHash">Keyed hash of session and code, 32 bytes.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.check-code")]
public sealed record CheckCode([property: Id(0)] Guid SessionId, [property: Id(1)] ImmutableArray<byte> CodeHash);

/// <summary>Answer to <see cref="CheckCode"/>: wrong, used, expired and unknown are told alike.</summary>
/// <param name="UserId">The user of the address, made at her first sign-in; null when the code is not good.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.code-checked")]
public sealed record CodeChecked([property: Id(0)] Guid? UserId);

/// <summary>Opens a session.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="Device">What the client calls its device, at most 100 characters, or null.</param>
/// <param name="Method">How she has proved who she is.</param>
/// <param name="App">The app that it is opened for; null: the user's own device.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.open-session")]
public sealed record OpenSession([property: Id(0)] Guid UserId, [property: Id(1)] string? Device, [property: Id(2)] SignInMethod Method = SignInMethod.Code, [property: Id(3)] AppSession? App = null);

/// <summary>What a session was opened with.</summary>
public enum SignInMethod
{
    /// <summary>A one-time code, or the link that makes the first administrator.</summary>
    Code,

    /// <summary>A password.</summary>
    Password,

    /// <summary>The consent of a user to an app.</summary>
    App,
}

/// <summary>A session as its owner sees it.</summary>
/// <param name="Id">Session id.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Device">What the client called its device.</param>
/// <param name="OpenedAt">Sign-in.</param>
/// <param name="UsedAt">Last refresh.</param>
/// <param name="Generation">Number of the refresh token that is good.</param>
/// <param name="StrongAt">When the second factor was last proved in it; null: not yet.</param>
/// <param name="Method">What it was opened with.</param>
/// <param name="App">The app that it was opened for; null: the user's own device.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.session")]
public sealed record SessionView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Guid UserId,
    [property: Id(2)] string? Device,
    [property: Id(3)] DateTimeOffset OpenedAt,
    [property: Id(4)] DateTimeOffset UsedAt,
    [property: Id(5)] int Generation,
    [property: Id(6)] DateTimeOffset? StrongAt = null,
    [property: Id(7)] SignInMethod Method = SignInMethod.Code,
    [property: Id(8)] AppSession? App = null);

/// <summary>A refresh token whose seal the caller has checked.</summary>
/// <param name="Generation">Its number in the family.</param>
/// <param name="Device">What the client calls its device now, or null; the grace is for the device that rotated.</param>
/// <param name="App">The app that brings it; null: a device. Another's token is as good as none, and is not used up.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.refresh")]
public sealed record RefreshCommand([property: Id(0)] int Generation, [property: Id(1)] string? Device, [property: Id(2)] Guid? App = null);

/// <summary>Answer to <see cref="RefreshCommand"/>.</summary>
/// <param name="Session">The session, with the number of the token to give out; null: ended.</param>
/// <param name="Reused">The token had been used before and the session was ended for it.</param>
/// <param name="UserId">Whose session it was; told with <paramref name="Reused"/>.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.refresh-outcome")]
public sealed record RefreshOutcome([property: Id(0)] SessionView? Session, [property: Id(1)] bool Reused, [property: Id(2)] Guid? UserId = null);
