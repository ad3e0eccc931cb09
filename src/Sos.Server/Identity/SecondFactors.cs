using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;

namespace Sos.Server.Identity;

/// <summary>
/// Second factors: authenticator apps (TOTP) and recovery codes. Makes secrets and checks codes; grains see encrypted secrets and keyed
/// hashes only.
/// </summary>
internal sealed class SecondFactors(IGrainFactory grains, IdentitySeals seals, SignInBudgets budgets, TimeProvider time, IOptions<IdentityOptions> options)
{
    private const int Codes = 10;
    private const int GroupLength = 4;

    /// <summary>120 bits: more than a plain hash has to hide (OWASP ASVS 5.0, 6.5.2).</summary>
    private const int CodeBytes = 15;

    private const int CodeLength = CodeBytes * 8 / 5;
    private const int LongestTyped = 64;

    /// <summary>Makes a new secret, which counts from its first code on; until then an earlier one does.</summary>
    public async Task<SecondFactorSecret> Propose(UserProfile user)
    {
        var secret = RandomNumberGenerator.GetBytes(TotpRules.SecretBytes);
        await Grain(user.Id).Propose(seals.SealSecret(user.Id, secret));
        var (text, issuer) = (TotpRules.ToBase32(secret), Uri.EscapeDataString(options.Value.Issuer));
        var label = Uri.EscapeDataString(user.Email ?? user.Phone ?? user.Id.ToString());
        return new SecondFactorSecret(text, $"otpauth://totp/{issuer}:{label}?secret={text}&issuer={issuer}&algorithm=SHA1&digits=6&period=30");
    }

    /// <summary>Puts the new secret into use with its first code; answers the recovery codes, null when the code is not good.</summary>
    public async Task<ImmutableArray<string>?> Confirm(Guid user, string typed)
    {
        if ((await Grain(user).Proposed()).SealedSecret is not { } proposed || Step(user, proposed, typed) is not { } step) return null;
        var codes = MakeCodes();
        var confirmed = await Grain(user).Confirm(new SecondFactorConfirmation(proposed, step, Hashes(user, codes)));
        return confirmed ? codes : null;
    }

    /// <summary>Whether a code of the app, or a recovery code, is good; each is good once.</summary>
    public async Task<FactorProof> Prove(Guid user, string typed, ClientBlock block)
    {
        if (await budgets.TakeProof(block) is { Ticks: > 0 } wait) return new FactorProof(false, wait);
        var proof = Recovery(typed) is { } code ? new FactorProof(await Grain(user).Recover(seals.RecoveryHash(user, code)), default) : await ProveByApp(user, typed.Trim());
        // One that was not looked at for having to wait counts as wrong: nobody brings those by mistake.
        await budgets.NoteProof(block, proof.Good, ProofWay.SecondFactor);
        return proof;
    }

    /// <summary>Replaces the recovery codes; null when no second factor is set up.</summary>
    public async Task<ImmutableArray<string>?> Renew(Guid user)
    {
        var codes = MakeCodes();
        return await Grain(user).Renew(Hashes(user, codes)) ? codes : null;
    }

    /// <summary>The grain of a user's second factor.</summary>
    public ISecondFactorGrain Grain(Guid user) => grains.GetGrain<ISecondFactorGrain>(user);

    private async Task<FactorProof> ProveByApp(Guid user, string typed)
    {
        var begun = await Grain(user).Begin();
        if (begun.SealedSecret is not { } secret) return new FactorProof(false, begun.Wait);
        return new FactorProof(Step(user, secret, typed) is { } step && await Grain(user).Use(step), default);
    }

    private long? Step(Guid user, ImmutableArray<byte> sealedSecret, string typed) =>
        seals.TryOpenSecret(user, sealedSecret, out var secret) ? TotpRules.Match(secret, typed.Trim(), time.GetUtcNow()) : null;

    private ImmutableArray<string> Hashes(Guid user, ImmutableArray<string> codes) => [.. codes.Select(code => seals.RecoveryHash(user, Recovery(code)!))];

    private static ImmutableArray<string> MakeCodes() => [.. Enumerable.Range(0, Codes).Select(_ =>
        string.Join('-', TotpRules.ToBase32(RandomNumberGenerator.GetBytes(CodeBytes)).Chunk(GroupLength).Select(group => new string(group))))];

    /// <summary>A recovery code as it is hashed, whatever stands between its groups; null for what has not its length.</summary>
    private static string? Recovery(string typed)
    {
        if (typed.Length > LongestTyped) return null;
        var kept = string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return kept.Length == CodeLength ? kept : null;
    }
}

/// <summary>What a proof of the second factor turned out to be.</summary>
/// <param name="Good">It is right.</param>
/// <param name="Wait">Not zero: nothing was looked at, and she has to wait so long.</param>
internal readonly record struct FactorProof(bool Good, TimeSpan Wait);
