using Sos.Contracts.Relatives;

namespace Sos.Server.Relatives;

/// <summary>A group of the caller's own relatives; nobody else learns of it.</summary>
/// <param name="Name">1 to 60 characters; no two groups of the caller have the same.</param>
/// <param name="Members">Ids in the caller's list, at most 20.</param>
public sealed record GroupRequest(string Name, IReadOnlyList<Guid> Members);

/// <summary>A group of the caller.</summary>
/// <param name="Id">Id of the group.</param>
/// <param name="Name">As the caller calls it.</param>
/// <param name="Members">In the order of the list.</param>
public sealed record GroupView(Guid Id, string Name, IReadOnlyList<GroupMemberView> Members)
{
    internal static GroupView Of(RelativeGroup group) =>
        new(group.Id, group.Name, [.. group.Members.Select(member => new GroupMemberView(member.Id, member.Name, member.State, member.Sharing))]);
}

/// <summary>A member of a group, by the caller's own list.</summary>
/// <param name="Id">Id in the caller's list.</param>
/// <param name="Name">As the caller calls her.</param>
/// <param name="State">invited, active or paused; who has ended it is in no group any more.</param>
/// <param name="Sharing">How the caller shows herself to her; coming into a group changes nothing of it.</param>
public sealed record GroupMemberView(Guid Id, string Name, RelationState State, RelativeSharing Sharing);

/// <summary>The caller's groups.</summary>
/// <param name="Groups">Oldest first, at most 10.</param>
public sealed record GroupsAnswer(IReadOnlyList<GroupView> Groups);

/// <summary>Where those of a group are who show it to the caller.</summary>
/// <param name="Id">Id of the group.</param>
/// <param name="Name">As the caller calls it.</param>
/// <param name="Members">Each as in the caller's list.</param>
public sealed record GroupPlacesAnswer(Guid Id, string Name, IReadOnlyList<RelativeView> Members);

/// <summary>The caller shows herself to a group, or not any more.</summary>
/// <param name="LocationSharingEnabled">The switch over all relatives; while it is off the caller is shown to nobody.</param>
/// <param name="Members">What came of it for each.</param>
public sealed record GroupSharingAnswer(bool LocationSharingEnabled, IReadOnlyList<MemberSharingView> Members)
{
    internal static GroupSharingAnswer Of(MembersOutcome outcome) => new(outcome.Sharing, [.. outcome.Members.Select(of =>
        new MemberSharingView(of.Member.Id, of.Member.Name, of.IsDone, of.IsDone ? null : of.Refusal, of.Member.Sharing))]);
}

/// <summary>What came of it for a member.</summary>
/// <param name="Id">Id in the caller's list.</param>
/// <param name="Name">As the caller calls her.</param>
/// <param name="Success">It was done.</param>
/// <param name="Refusal">not_active: not both have agreed. Left out when it was done.</param>
/// <param name="Sharing">How the caller shows herself to her now.</param>
public sealed record MemberSharingView(Guid Id, string Name, bool Success, RelativeRefusal? Refusal, RelativeSharing Sharing);

/// <summary>A group was asked where they are, as far as the caller is to know.</summary>
/// <param name="Members">What came of it for each.</param>
public sealed record GroupWhereAnswer(IReadOnlyList<MemberWhereView> Members)
{
    internal static GroupWhereAnswer Of(MembersOutcome outcome) => new([.. outcome.Members.Select(of =>
        new MemberWhereView(of.Member.Id, of.Member.Name, of.IsDone, of.IsDone ? null : of.Refusal, of.AgainAt))]);
}

/// <summary>What came of it for a member.</summary>
/// <param name="Id">Id in the caller's list.</param>
/// <param name="Name">As the caller calls her.</param>
/// <param name="Success">She was asked, whether or not she hears of it.</param>
/// <param name="Refusal">not_active: not both have agreed; too_soon: the caller asked her within the hour. Left out when she was asked.</param>
/// <param name="AgainAt">When she can be asked again; left out when she cannot be asked at all.</param>
public sealed record MemberWhereView(Guid Id, string Name, bool Success, RelativeRefusal? Refusal, DateTimeOffset? AgainAt);
