using Sos.Contracts.Trackers;
using Sos.Server.Http;

namespace Sos.Server.Trackers;

/// <summary>A tracker that the caller adds.</summary>
/// <param name="Name">1 to 40 characters.</param>
/// <param name="Kind">traccar, osmand, owntracks or overland.</param>
public sealed record TrackerRequest(string Name, TrackerKind Kind)
{
    private const int LongestName = 40;

    /// <summary>What is wrong with it, or null.</summary>
    internal ProblemResult? Problem() =>
        Name.Trim() is { Length: > 0 and <= LongestName } name && !name.Any(char.IsControl) ? null : ProblemResult.Invalid($"name must be 1 to {LongestName} characters, none of them control characters.");
}

/// <summary>What the caller changes about a tracker.</summary>
/// <param name="ShowsRelatives">
/// True: answers to it hold the names and places of the relatives who show themselves to her, so that they are on its map. Whoever has its token then reads them, until this is false again or it
/// is revoked. Only OwnTracks can show them.
/// </param>
public sealed record TrackerUpdate(bool ShowsRelatives);

/// <summary>The caller's trackers.</summary>
/// <param name="Items">Oldest first, at most ten.</param>
public sealed record TrackerList(IReadOnlyList<TrackerEntryView> Items);

/// <summary>A tracker of the caller.</summary>
/// <param name="Id">Tracker id.</param>
/// <param name="Name">As given.</param>
/// <param name="Kind">traccar, osmand, owntracks or overland.</param>
/// <param name="AddedAt">When it was added.</param>
/// <param name="LastSeenAt">When it was heard of last; left out: never.</param>
/// <param name="Battery">0 to 100 %, as it said last.</param>
/// <param name="MetresPerSecond">How fast it moved, as it said last.</param>
/// <param name="Problem">What of its last message could not be used.</param>
/// <param name="ShowsRelatives">Answers to it hold where the relatives are who show themselves to her.</param>
public sealed record TrackerEntryView(
    Guid Id, string Name, TrackerKind Kind, DateTimeOffset AddedAt, DateTimeOffset? LastSeenAt, double? Battery, double? MetresPerSecond, string? Problem, bool ShowsRelatives)
{
    internal static TrackerEntryView Of(Tracker tracker) => new(
        tracker.Id, tracker.Name, tracker.Kind, tracker.AddedAt, tracker.LastSeenAt, tracker.Last?.Battery, tracker.Last?.Speed?.MetresPerSecond, tracker.Last?.Problem, tracker.ShowsRelatives);
}

/// <summary>A tracker that was added.</summary>
/// <param name="Tracker">What it is.</param>
/// <param name="Token">Its token, in this answer and nowhere else.</param>
/// <param name="Address">Where the device sends to.</param>
/// <param name="Setup">A link that sets the app up, or the template to copy into it.</param>
public sealed record AddedTracker(TrackerEntryView Tracker, string Token, Uri Address, string Setup);

/// <summary>What became of a message in the OsmAnd protocol.</summary>
/// <param name="AlertId">The alert that it has raised or joined.</param>
/// <param name="Status">Of that alert.</param>
/// <param name="Ignored">What of it could not be used. It was taken all the same: a client would send anything else for ever, and keep what stands behind it.</param>
public sealed record IngestAnswer(Guid? AlertId = null, string? Status = null, string? Ignored = null);

/// <summary>The answer that Overland waits for.</summary>
/// <param name="Result">ok.</param>
/// <param name="Ignored">What of it could not be used.</param>
public sealed record OverlandAnswer(string Result, string? Ignored = null);
