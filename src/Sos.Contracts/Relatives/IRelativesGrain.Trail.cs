using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Relatives;

// Where she was.
public partial interface IRelativesGrain
{
    /// <summary>
    /// Where she was, for one person who asks, oldest first: as far back as she has given that person, only of the time in which she showed herself to her, and never
    /// more exactly than she did then or does now. The look is on disk before it is answered. Empty: not shown, without a reason.
    /// </summary>
    [Alias("Trail")] Task<ImmutableArray<ShownPlace>> Trail(Guid viewer);
}
