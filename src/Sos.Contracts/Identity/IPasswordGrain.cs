using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>The password of a user, as a memory-hard hash that the caller makes and compares. Key: user id.</summary>
[Alias("sos.identity.IPasswordGrain")]
public interface IPasswordGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Takes a try, taken as wrong until <see cref="Succeed"/>: the hash, or null when there is none, or after a hundred wrong ones in a
    /// row, until <see cref="Set"/>.
    /// </summary>
    [Alias("Begin")] Task<string?> Begin();

    /// <summary>The try was right: wrong ones before it are forgotten.</summary>
    [Alias("Succeed")] Task Succeed();

    /// <summary>Sets the hash, in place of an earlier one.</summary>
    [Alias("Set")] Task Set(string hash);

    /// <summary>True when there is a password.</summary>
    [Alias("IsSet")] Task<bool> IsSet();

    /// <summary>Deletes the record for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
