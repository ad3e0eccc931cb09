using Orleans;

namespace Sos.Contracts.Relatives;

/// <summary>
/// A person's side of all her relations: whom she has added, who asks her, and to whom she shows herself. Nobody is shown to anybody without both
/// having agreed. Key: user id.
/// </summary>
[Alias("sos.relatives.IRelativesGrain")]
public partial interface IRelativesGrain : IGrainWithGuidKey
{
    /// <summary>Her list and her invitations.</summary>
    [Alias("List")] Task<RelativeList> List();

    /// <summary>Adds somebody and asks her. Whether the number is anybody's, has refused or is kept apart shows in no answer, now or later.</summary>
    [Alias("Add")] Task<RelativeOutcome> Add(RelativeDraft draft);

    /// <summary>Changes name or notes, pauses or goes on.</summary>
    [Alias("Change")] Task<RelativeOutcome> Change(Guid relation, RelativeChange change);

    /// <summary>Ends it on both sides.</summary>
    [Alias("Remove")] Task<RelativeOutcome> Remove(Guid relation);

    /// <summary>Shows her to one person, or not any more: before the answer nobody finds her by it.</summary>
    [Alias("Share")] Task<RelativeOutcome> Share(Guid relation, RelativeSharing sharing);

    /// <summary>The switch over all of them; answers how it stands.</summary>
    [Alias("Toggle")] Task<bool> Toggle(bool sharing);

    /// <summary>She agrees, or refuses and is not asked by that person again. <paramref name="name"/>: what she calls her; null: as the invitation says.</summary>
    [Alias("Answer")] Task<RelativeOutcome> Answer(Guid invitation, bool accepts, string? name);

    /// <summary>Everything is deleted for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
