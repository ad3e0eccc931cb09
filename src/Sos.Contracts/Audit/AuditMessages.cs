using System.Collections.Immutable;
using System.Globalization;
using Orleans;

namespace Sos.Contracts.Audit;

/// <summary>What staff did or looked at. Members are only ever added.</summary>
public enum AuditAct
{
    /// <summary>Looked at an alert with its position, or at its events.</summary>
    ViewedAlert,

    /// <summary>Looked at where a victim went.</summary>
    ViewedTrack,

    /// <summary>Looked at who was considered for an alert, and how far away they were.</summary>
    ViewedCandidates,

    /// <summary>Looked at the board of her areas once.</summary>
    ViewedBoard,

    /// <summary>Connected to the board of her areas, and hears of every change while connected.</summary>
    FollowedBoard,

    /// <summary>Looked for responders near a place.</summary>
    ViewedResponders,

    /// <summary>Looked at somebody's account.</summary>
    ViewedAccount,

    /// <summary>Changed roles, areas or the active flag of an account.</summary>
    ChangedAccount,

    /// <summary>Admitted, changed or suspended a responder.</summary>
    ChangedResponder,

    /// <summary>Read or checked the audit.</summary>
    ViewedAudit,

    /// <summary>Took an alert into her care.</summary>
    ClaimedAlert,

    /// <summary>Gave an alert back.</summary>
    UnclaimedAlert,

    /// <summary>Assigned a responder.</summary>
    AssignedResponder,

    /// <summary>Took a responder off an alert.</summary>
    UnassignedResponder,

    /// <summary>Wrote a note.</summary>
    NotedAlert,

    /// <summary>Closed an alert as helped.</summary>
    ClosedAlert,

    /// <summary>Closed an alert as false.</summary>
    MarkedFalse,

    /// <summary>Took a user's second factor away.</summary>
    ResetSecondFactor,

    /// <summary>Signed a user out everywhere.</summary>
    EndedSessions,

    /// <summary>Looked at who has applied as a responder, or at an application.</summary>
    ViewedApplication,

    /// <summary>Refused an application as a responder.</summary>
    RefusedApplication,

    /// <summary>Looked at an app and its developer.</summary>
    ViewedApp,

    /// <summary>Revoked an app.</summary>
    RevokedApp,

    /// <summary>Drew a zone, or changed one.</summary>
    ChangedZone,

    /// <summary>Took a zone away.</summary>
    RemovedZone,

    /// <summary>Made zones of a file.</summary>
    ImportedZones,

    /// <summary>Looked at a photo or recording of an alert.</summary>
    ViewedAttachment,

    /// <summary>Added a photo or recording to an alert.</summary>
    AddedAttachment,

    /// <summary>Brought in an official warning.</summary>
    TookWarning,

    /// <summary>Took an official warning away.</summary>
    RemovedWarning,

    /// <summary>Looked at the official warnings, or at how their feeds are.</summary>
    ViewedWarnings,

    /// <summary>Published a zone as a warning for everybody, or as a drill.</summary>
    PublishedZone,

    /// <summary>Ended what was published of a zone.</summary>
    WithdrewZone,
}

/// <summary>Something to be put into the audit.</summary>
/// <param name="Id">Names it: the same again is not put in twice.</param>
/// <param name="At">When it was done; its day (UTC) chooses the chain.</param>
/// <param name="Actor">User id of who did it.</param>
/// <param name="Act">What.</param>
/// <param name="Subject">To what, like <c>alert/{id}</c>, <c>user/{id}</c>, <c>area/{geohash}</c>; never a position or a number. At most 120 characters.</param>
/// <param name="Reason">Why, in her words or those of the service. At most 500 characters.</param>
/// <param name="Detail">More, like the roles given, or null. At most 300 characters.</param>
[GenerateSerializer, Immutable, Alias("sos.audit.draft")]
public sealed record AuditDraft(
    [property: Id(0)] Guid Id,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] Guid Actor,
    [property: Id(3)] AuditAct Act,
    [property: Id(4)] string Subject,
    [property: Id(5)] string Reason,
    [property: Id(6)] string? Detail = null);

/// <summary>An entry of a chain.</summary>
/// <param name="Seq">Its number in its chain, from 1 without gaps.</param>
/// <param name="Draft">What was done.</param>
/// <param name="Uptime">Milliseconds on the monotonic clock of the machine that wrote it: shows what a change of the wall clock hides.</param>
/// <param name="Hash">SHA-256, base64, over the hash of the entry before and everything in this one.</param>
[GenerateSerializer, Immutable, Alias("sos.audit.entry")]
public sealed record AuditEntry([property: Id(0)] long Seq, [property: Id(1)] AuditDraft Draft, [property: Id(2)] long Uptime, [property: Id(3)] string Hash);

/// <summary>Which entries are wanted; null members want all.</summary>
/// <param name="Actor">Done by this user.</param>
/// <param name="Act">Of this kind.</param>
/// <param name="Subject">About this.</param>
/// <param name="Subjects">About one of these.</param>
[GenerateSerializer, Immutable, Alias("sos.audit.filter")]
public sealed record AuditFilter(
    [property: Id(0)] Guid? Actor = null, [property: Id(1)] AuditAct? Act = null, [property: Id(2)] string? Subject = null, [property: Id(3)] ImmutableArray<string>? Subjects = null);

/// <summary>Entries of a chain that stay together in one record.</summary>
/// <param name="Number">Number of the segment, from 0.</param>
/// <param name="First">Number of its first entry.</param>
/// <param name="Before">Hash of the entry before its first.</param>
/// <param name="Entries">Oldest first.</param>
[GenerateSerializer, Immutable, Alias("sos.audit.segment")]
public sealed record AuditSegment(
    [property: Id(0)] int Number, [property: Id(1)] long First, [property: Id(2)] string Before, [property: Id(3)] ImmutableArray<AuditEntry> Entries);

/// <summary>What a check of a chain found.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Entries">How many entries it has.</param>
/// <param name="Head">Hash of the newest; null when there is none. Kept elsewhere, it proves later that nothing before it was changed.</param>
/// <param name="Faults">What is not as it was written, by name; empty: nothing.</param>
[GenerateSerializer, Immutable, Alias("sos.audit.verdict")]
public sealed record AuditVerdict([property: Id(0)] string Chain, [property: Id(1)] long Entries, [property: Id(2)] string? Head, [property: Id(3)] ImmutableArray<string> Faults);

/// <summary>Keys of the audit's grains.</summary>
public static class AuditKeys
{
    /// <summary>Chains of a day; an actor's entries of a day are in one of them.</summary>
    public const int Shards = 16;

    /// <summary>The chain that an act of somebody at a moment goes into.</summary>
    public static string ChainOf(DateTimeOffset at, Guid actor) => Chain(DateOnly.FromDateTime(at.UtcDateTime), actor.ToByteArray()[15] % Shards);

    /// <summary>A chain of a day (UTC).</summary>
    public static string Chain(DateOnly day, int shard) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}-{shard:D2}");

    /// <summary>The index that lists a chain: its month.</summary>
    public static string IndexOf(string chain) => chain[..6];

    /// <summary>A segment of a chain.</summary>
    public static string Segment(string chain, int number) => string.Create(CultureInfo.InvariantCulture, $"{chain}#{number}");
}
