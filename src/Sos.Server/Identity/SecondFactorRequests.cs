namespace Sos.Server.Identity;

/// <summary>My second factor.</summary>
/// <param name="Needed">One of my roles needs it.</param>
/// <param name="Active">It is set up.</param>
/// <param name="RecoveryLeft">Recovery codes that are left.</param>
/// <param name="ProvedAt">When this session last proved it.</param>
/// <param name="SteppedUpUntil">Until when that counts for administrative acts.</param>
public sealed record SecondFactorStatus(bool Needed, bool Active, int RecoveryLeft, DateTimeOffset? ProvedAt, DateTimeOffset? SteppedUpUntil);

/// <summary>The secret of an authenticator app, shown once; it counts from its first code on.</summary>
/// <param name="Secret">Base32 (RFC 4648), to be typed.</param>
/// <param name="Uri"><c>otpauth:</c> address, to be shown as a QR code or opened on the phone: TOTP, SHA-1, six digits, 30 s.</param>
public sealed record SecondFactorSecret(string Secret, string Uri);

/// <summary>Brings a code of the second factor.</summary>
/// <param name="Code">Six digits of the authenticator app, or (not to confirm a new secret) a recovery code in any spelling.</param>
public sealed record SecondFactorCode(string Code);

/// <summary>Recovery codes: each is good once in place of the app. They are shown this one time.</summary>
/// <param name="Codes">Ten codes.</param>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);

/// <summary>The second factor is set up, and proved in this session.</summary>
/// <param name="RecoveryCodes">Ten codes, each good once in place of the app; shown this one time.</param>
/// <param name="Tokens">New tokens, with the roles that waited for it.</param>
public sealed record SecondFactorConfirmed(IReadOnlyList<string> RecoveryCodes, SignedIn Tokens);

/// <summary>Signs in with a password.</summary>
/// <param name="Email">The account's e-mail address.</param>
/// <param name="Password">As typed.</param>
/// <param name="Device">What the client calls its device, at most 100 characters.</param>
public sealed record LoginRequest(string Email, string Password, string? Device = null);

/// <summary>Sets a password, or changes it.</summary>
/// <param name="Password">The new one; 15 to 256 characters of any kind.</param>
/// <param name="Current">The present one. Not needed in the first minutes after a sign-in by one-time code: so a forgotten one is replaced.</param>
public sealed record PasswordRequest(string Password, string? Current = null);
