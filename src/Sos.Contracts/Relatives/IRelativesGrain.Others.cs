using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Relatives;

// What other grains, and the answers to other people, ask here.
public partial interface IRelativesGrain
{
    /// <summary>
    /// To whom she shows herself now; from memory. Only people on both sides of an accepted relation who are not kept apart from her, while the master switch
    /// is on and she may share at all.
    /// </summary>
    [Alias("Policy"), AlwaysInterleave] Task<SharingPolicy> Policy();

    /// <summary>
    /// Where she is, for one person who asks; the look is on disk before it is answered. Null: not shown, without a reason. Who stops showing herself is seen
    /// where that person saw her last until it is too old, just like somebody without a signal.
    /// </summary>
    [Alias("Look")] Task<ShownPlace?> Look(Guid viewer);

    /// <summary>Makes the durable records of what the positions have shown: each arrival and each leave once, nearness at most every 10 minutes; then tells her devices.</summary>
    [Alias("Noted")] Task Noted(ImmutableArray<NearbyChange> changes);

    /// <summary>The people on the other side of accepted relations.</summary>
    [Alias("People"), AlwaysInterleave] Task<ImmutableArray<Guid>> People();

    /// <summary>Whose number this is, where both have agreed; else null.</summary>
    [Alias("PersonOf"), AlwaysInterleave] Task<Guid?> PersonOf(string phone);

    /// <summary>Who is kept apart from her, whether she may share, or which accounts there are has changed: when it is answered nobody finds her who must not.</summary>
    [Alias("Refresh")] Task Refresh();

    /// <summary>The other side of a relation says something.</summary>
    [Alias("Hear"), OneWay] Task Hear(RelativeNote note);

    /// <summary>The other side has heard.</summary>
    [Alias("Heard"), OneWay] Task Heard(NoteReceipt receipt);

    /// <summary>Her own grain's pump hands in what came of what it sent.</summary>
    [Alias("Settle"), OneWay] Task Settle(NoteResults results);
}
