using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>The apps of a person: those that she has let in, and those that she has registered as a developer. Key: user id.</summary>
[Alias("sos.identity.IAppGrantsGrain")]
public interface IAppGrantsGrain : IGrainWithGuidKey
{
    /// <summary>Remembers a code, in memory only: a restart makes unused ones worthless and none good twice.</summary>
    [Alias("Offer")] Task Offer(PendingCode code);

    /// <summary>Takes a code in, once; null when it was never given out, was used, or is over.</summary>
    [Alias("Redeem")] Task<PendingCode?> Redeem(Guid code);

    /// <summary>Lets an app in; durable. Answers sessions that must make room: the caller ends them.</summary>
    [Alias("Grant")] Task<ImmutableArray<Guid>> Grant(AppGrant grant);

    /// <summary>The apps that she has let in, oldest first.</summary>
    [Alias("List")] Task<ImmutableArray<AppGrant>> List();

    /// <summary>The sessions of an app, or of every app.</summary>
    [Alias("Sessions")] Task<ImmutableArray<Guid>> Sessions(Guid? clientId);

    /// <summary>Takes an app, or every app, off the list, with its codes; durable. The caller has ended its sessions.</summary>
    [Alias("Remove")] Task Remove(Guid? clientId);

    /// <summary>Lists an app as hers, as a developer; false when she has as many as one may have.</summary>
    [Alias("AddOwn")] Task<bool> AddOwn(Guid clientId);

    /// <summary>Takes an app of hers off the list; false when it is not hers.</summary>
    [Alias("RemoveOwn")] Task<bool> RemoveOwn(Guid clientId);

    /// <summary>The apps that she has registered, oldest first.</summary>
    [Alias("Own")] Task<ImmutableArray<Guid>> Own();

    /// <summary>Deletes the record for good: the account has ended. Again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
