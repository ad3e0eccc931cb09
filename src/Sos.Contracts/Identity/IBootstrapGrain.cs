using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>Remembers that the first administrator has been made: the bootstrap token is good once. Key: "admin".</summary>
[Alias("sos.identity.IBootstrapGrain")]
public interface IBootstrapGrain : IGrainWithStringKey
{
    /// <summary>Takes the one use; true for the first user and for her repeats, false for anybody else.</summary>
    [Alias("Take")] Task<bool> Take(Guid userId);

    /// <summary>True when the token has been used.</summary>
    [Alias("IsTaken")] Task<bool> IsTaken();
}
