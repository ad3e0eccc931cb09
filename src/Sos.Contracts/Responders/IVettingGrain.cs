using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Responders;

/// <summary>
/// How a person becomes a responder: she applies, administrators who are not she check identity and credentials, as many as the service asks
/// for, each once; the clearance ends by itself. The truth of her clearance; <see cref="IResponderGrain"/> and her roles follow. Key: user id.
/// </summary>
[Alias("sos.responders.IVettingGrain")]
public interface IVettingGrain : IGrainWithGuidKey
{
    /// <summary>Applies; a newer application takes the place of an older one and needs every approval anew.</summary>
    [Alias("Apply")] Task<VettingView> Apply(ApplicationDraft draft);

    /// <summary>Takes the application back; again: changes nothing.</summary>
    [Alias("Withdraw")] Task Withdraw();

    /// <summary>An administrator vouches; with the last of them the person is admitted.</summary>
    [Alias("Approve")] Task<VettingOutcome> Approve(Approval approval);

    /// <summary>An administrator refuses the application.</summary>
    [Alias("Refuse")] Task<VettingOutcome> Refuse(Guid admin);

    /// <summary>Takes the clearance away at once; she is told. Again: changes nothing.</summary>
    [Alias("Suspend")] Task<VettingView> Suspend();

    /// <summary>As it stands.</summary>
    [Alias("View")] Task<VettingView> View();

    /// <summary>Deletes the record for good: the account has ended. Again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}

/// <summary>Who waits to be vetted, oldest first, at most 500. Key: <see cref="Key"/>.</summary>
[Alias("sos.responders.IVettingIndexGrain")]
public interface IVettingIndexGrain : IGrainWithStringKey
{
    /// <summary>The one list.</summary>
    const string Key = "open";

    /// <summary>Lists an applicant, or takes her off the list; durable.</summary>
    [Alias("Put")] Task Put(Applicant applicant, bool waits);

    /// <summary>The list.</summary>
    [Alias("List")] Task<ImmutableArray<Applicant>> List();
}
