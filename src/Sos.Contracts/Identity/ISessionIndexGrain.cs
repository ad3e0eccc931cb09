using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>The open sessions of a user, bounded. Key: user id.</summary>
[Alias("sos.identity.ISessionIndexGrain")]
public interface ISessionIndexGrain : IGrainWithGuidKey
{
    /// <summary>Adds a session; answers the oldest that must make room: the caller revokes them, then removes them here.</summary>
    [Alias("Add")] Task<ImmutableArray<Guid>> Add(Guid sessionId);

    /// <summary>The sessions, oldest first.</summary>
    [Alias("List")] Task<ImmutableArray<Guid>> List();

    /// <summary>Removes a session; false when it is not one of this user's.</summary>
    [Alias("Remove")] Task<bool> Remove(Guid sessionId);

    /// <summary>Deletes the record for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
