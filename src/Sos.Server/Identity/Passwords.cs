using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server.Hosting;

namespace Sos.Server.Identity;

/// <summary>
/// Passwords of accounts with an e-mail address. Whether an address has an account, an account a password, and whether that has had its tries,
/// is answered alike and in the same time: each try costs a hash.
/// </summary>
internal sealed class Passwords
{
    private readonly IGrainFactory _grains;
    private readonly IdentitySeals _seals;
    private readonly SignInBudgets _budgets;
    private readonly PasswordHash _hash;
    private readonly HashSet<string> _denied;

    /// <summary>What an address without a password is compared with.</summary>
    private readonly string _nobodys;

    public Passwords(IGrainFactory grains, IdentitySeals seals, SignInBudgets budgets, PasswordHash hash, IOptions<IdentityOptions> options)
    {
        (_grains, _seals, _budgets, _hash) = (grains, seals, budgets, hash);
        _nobodys = hash.OfNothing();
        _denied = ReadDenied(options.Value.DeniedPasswords);
    }

    /// <summary>Whether a password is that of an address's account, and whose that is.</summary>
    public Task<PasswordProof> SignIn(string email, string password, ClientBlock block) => EvenPace.Keep(() => Look(email, password, block));

    /// <summary>Why a password may not be chosen for an account; null: it may.</summary>
    public string? Refuse(string password, UserProfile user) =>
        PasswordRules.Refuse(password, [user.Email, user.Phone, user.FullName, user.Company])
        ?? (_denied.Contains(password) ? "password is on a list of passwords that are known to many." : null);

    /// <summary>Sets a user's password.</summary>
    public async Task Set(Guid user, string password) => await Grain(user).Set(await _hash.Make(_seals.PasswordKey(password)));

    /// <summary>Whether this is a user's password.</summary>
    public async Task<bool> Fits(Guid user, string password)
    {
        var hash = await Grain(user).Begin();
        if (!await _hash.Fits(_seals.PasswordKey(password), hash ?? _nobodys) || hash is null) return false;
        if (_hash.IsOutdated(hash)) await Set(user, password);
        else await Grain(user).Succeed();
        return true;
    }

    private async Task<PasswordProof> Look(string email, string password, ClientBlock block)
    {
        if (await _budgets.TakeProof(block) is { Ticks: > 0 } wait) return new PasswordProof(null, wait);
        if (await _budgets.TakePassword(email) is { Ticks: > 0 } rest) return new PasswordProof(null, rest);
        // An address without an account has a user all the same, who has no password.
        var owner = await _grains.GetGrain<IPhoneGrain>(_seals.AddressKey(email)).Owner();
        var good = await Fits(owner ?? Guid.Empty, password) && owner is not null;
        if (good) await _budgets.GivePassword(email);
        await _budgets.NoteProof(block, good, ProofWay.Password);
        return new PasswordProof(good ? owner : null, default);
    }

    private IPasswordGrain Grain(Guid user) => _grains.GetGrain<IPasswordGrain>(user);

    private static HashSet<string> ReadDenied(string path)
    {
        if (path.Length == 0) return [];
        try
        {
            return File.ReadLines(path).Where(line => line.Length is >= PasswordRules.Shortest and <= PasswordRules.Longest).ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Sos:Identity:DeniedPasswords names '{path}', which cannot be read; set it to a text file with one password a line, or remove it.");
        }
    }
}

/// <summary>What a password turned out to be.</summary>
/// <param name="UserId">Whose it is; null when it is nobody's at that address.</param>
/// <param name="Wait">Not zero: nothing was looked at, and she has to wait so long.</param>
internal readonly record struct PasswordProof(Guid? UserId, TimeSpan Wait);
