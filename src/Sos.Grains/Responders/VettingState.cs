using Orleans;
using Sos.Contracts.Messaging;
using Sos.Contracts.Responders;

namespace Sos.Grains.Responders;

/// <summary>A person's clearance and her newest application. Under 8 KB.</summary>
[GenerateSerializer, Alias("sos.responders.vetting-state")]
internal sealed class VettingState
{
    [Id(0)] public Clearance Clearance { get; set; }
    [Id(1)] public Capabilities Capabilities { get; set; }
    [Id(2)] public string DisplayName { get; set; } = "";
    [Id(3)] public DateTimeOffset? ValidUntil { get; set; }

    /// <summary>She was told that it ends soon.</summary>
    [Id(4)] public bool SoonTold { get; set; }

    /// <summary>Number of the newest application.</summary>
    [Id(5)] public int Revision { get; set; }

    /// <summary>The newest application; null when there is none any more.</summary>
    [Id(6)] public ApplicationDraft? Application { get; set; }
    [Id(7)] public DateTimeOffset AppliedAt { get; set; }

    /// <summary>Approvals of it, of different administrators.</summary>
    [Id(8)] public List<Approval> Approvals { get; set; } = [];

    /// <summary>When it was refused; null while it is open.</summary>
    [Id(9)] public DateTimeOffset? RefusedAt { get; set; }

    /// <summary>Her record as a responder and her roles are not yet as the clearance says.</summary>
    [Id(10)] public bool IsUncarried { get; set; }

    /// <summary>The list of applicants is not yet as the application says.</summary>
    [Id(11)] public bool IsUnlisted { get; set; }

    /// <summary>What she has still to be told; null: nothing.</summary>
    [Id(12)] public TextTemplate? News { get; set; }

    /// <summary>Grows with each piece of news, to name the message.</summary>
    [Id(13)] public int NewsNumber { get; set; }

    /// <summary>An application waits for a decision.</summary>
    public bool IsOpen => Application is not null && RefusedAt is null;

    /// <summary>Something written has still to follow elsewhere.</summary>
    public bool IsUnsettled => IsUncarried || IsUnlisted || News is not null;
}

/// <summary>Who waits to be vetted.</summary>
[GenerateSerializer, Alias("sos.responders.vetting-index")]
internal sealed class VettingIndexState
{
    /// <summary>Oldest first.</summary>
    [Id(0)] public List<Applicant> Applicants { get; set; } = [];
}
