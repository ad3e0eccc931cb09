using System.Text.Json.Serialization;
using Orleans;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>One person's side of her relations. Under 64 KB with everything full; no place is in it.</summary>
[GenerateSerializer, Alias("sos.relatives.state")]
internal sealed class RelativesState
{
    /// <summary>The master switch; off until she says so.</summary>
    [Id(0), JsonPropertyName("s")] public bool Sharing { get; set; }

    /// <summary>Version of the policy; grows with every write.</summary>
    [Id(1), JsonPropertyName("v")] public long Version { get; set; }

    /// <summary>Oldest first.</summary>
    [Id(2), JsonPropertyName("r")] public List<RelationEntry> Relations { get; set; } = [];

    /// <summary>Who asks her, oldest first.</summary>
    [Id(3), JsonPropertyName("i")] public List<InvitationEntry> Invitations { get; set; } = [];

    /// <summary>When she added somebody within the last day, oldest first.</summary>
    [Id(4), JsonPropertyName("a")] public List<DateTimeOffset> Adds { get; set; } = [];

    /// <summary>People whom she has refused, 16 bytes each.</summary>
    [Id(5), JsonPropertyName("f")] public byte[] Refused { get; set; } = [];

    /// <summary>What the other sides have still to hear, oldest first: an outbox of at least once.</summary>
    [Id(6), JsonPropertyName("o")] public List<OutNote> Outbox { get; set; } = [];

    /// <summary>The last number that was given to a note.</summary>
    [Id(7), JsonPropertyName("n")] public long LastNote { get; set; }

    /// <summary>When she was last reminded that she shows herself, or began to.</summary>
    [Id(8), JsonPropertyName("m")] public DateTimeOffset? RemindedAt { get; set; }

    /// <summary>Keys of numbers that are to be told that they have refused.</summary>
    [Id(9), JsonPropertyName("k")] public List<string> RefusedNumbers { get; set; } = [];

    /// <summary>Who asks where she is, oldest first; at most one for each relation.</summary>
    [Id(10), JsonPropertyName("q")] public List<QuestionEntry> Questions { get; set; } = [];

    /// <summary>Her own groupings of the list, oldest first.</summary>
    [Id(11), JsonPropertyName("g")] public List<GroupEntry> Groups { get; set; } = [];
}

/// <summary>A grouping of the list, hers alone.</summary>
[GenerateSerializer, Alias("sos.relatives.group-entry")]
internal sealed class GroupEntry
{
    [Id(0), JsonPropertyName("i")] public Guid Id { get; set; }

    [Id(1), JsonPropertyName("c")] public string Name { get; set; } = "";

    /// <summary>Ids of entries of the list, 16 bytes each.</summary>
    [Id(2), JsonPropertyName("m")] public byte[] Members { get; set; } = [];
}

/// <summary>Somebody asks where she is.</summary>
[GenerateSerializer, Alias("sos.relatives.question-entry")]
internal sealed class QuestionEntry
{
    [Id(0), JsonPropertyName("i")] public Guid Id { get; set; }

    [Id(1), JsonPropertyName("r")] public Guid Relation { get; set; }

    [Id(2), JsonPropertyName("t")] public DateTimeOffset At { get; set; }
}

/// <summary>Somebody in the list.</summary>
[GenerateSerializer, Alias("sos.relatives.relation-entry")]
internal sealed class RelationEntry
{
    [Id(0), JsonPropertyName("i")] public Guid Id { get; set; }

    /// <summary>Who it is; empty while the number is not known to be anybody's.</summary>
    [Id(1), JsonPropertyName("p")] public Guid Person { get; set; }

    /// <summary>E.164; empty for somebody who asked and has no number.</summary>
    [Id(2), JsonPropertyName("n")] public string Phone { get; set; } = "";

    /// <summary>Key of the number's grain; null where the other one asked.</summary>
    [Id(3), JsonPropertyName("k")] public string? AddressKey { get; set; }

    [Id(4), JsonPropertyName("c")] public string Name { get; set; } = "";

    [Id(5), JsonPropertyName("o")] public string? Notes { get; set; }

    [Id(6), JsonPropertyName("t")] public DateTimeOffset AddedAt { get; set; }

    /// <summary>Invited, active or ended; a pause is <see cref="Paused"/>.</summary>
    [Id(7), JsonPropertyName("s")] public RelationState State { get; set; }

    [Id(8), JsonPropertyName("z")] public bool Paused { get; set; }

    [Id(9), JsonPropertyName("e")] public bool Enabled { get; set; }

    [Id(10), JsonPropertyName("u")] public DateTimeOffset? Until { get; set; }

    [Id(11), JsonPropertyName("q")] public SharePrecision Precision { get; set; }

    /// <summary>The number may get a text message.</summary>
    [Id(12), JsonPropertyName("x")] public bool Texted { get; set; }

    /// <summary>Id of the entry in the other's list, once it is known; together with <see cref="Id"/> it names this agreement and no other.</summary>
    [Id(13), JsonPropertyName("h")] public Guid Other { get; set; }

    /// <summary>When she last asked where the other one is.</summary>
    [Id(14), JsonPropertyName("w")] public DateTimeOffset? AskedAt { get; set; }

    /// <summary>An answer shows her until then, where she does not show herself anyway.</summary>
    [Id(15), JsonPropertyName("b")] public DateTimeOffset? OnceUntil { get; set; }

    [Id(16), JsonPropertyName("d")] public SharePrecision OncePrecision { get; set; }

    /// <summary>How far back the other one may see where she was.</summary>
    [Id(17), JsonPropertyName("g")] public TrailWindow Window { get; set; }

    /// <summary>When she has shown herself to the other one since she gave that window, oldest first; nothing before it, and nothing in between, is ever shown.</summary>
    [Id(18), JsonPropertyName("v")] public List<ShareSpan> Spans { get; set; } = [];
}

/// <summary>A span of time in which she showed herself to somebody who may see her trail.</summary>
[GenerateSerializer, Alias("sos.relatives.share-span")]
internal sealed class ShareSpan
{
    /// <summary>Milliseconds since 1970, as all full lists of them have to fit into the record.</summary>
    [Id(0), JsonPropertyName("f")] public long Began { get; set; }

    /// <summary>Likewise; null while it lasts.</summary>
    [Id(1), JsonPropertyName("t")] public long? Ended { get; set; }

    [Id(2), JsonPropertyName("p")] public SharePrecision Precision { get; set; }

    /// <summary>What was true then, or before, is not in it.</summary>
    [JsonIgnore] public DateTimeOffset From => DateTimeOffset.FromUnixTimeMilliseconds(Began);

    /// <summary>Nor is this moment; null while it lasts.</summary>
    [JsonIgnore] public DateTimeOffset? To => Ended is { } ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null;
}

/// <summary>Somebody who asks her.</summary>
[GenerateSerializer, Alias("sos.relatives.invitation-entry")]
internal sealed class InvitationEntry
{
    [Id(0), JsonPropertyName("i")] public Guid Id { get; set; }

    [Id(1), JsonPropertyName("p")] public Guid From { get; set; }

    /// <summary>The relation in the list of who asks.</summary>
    [Id(2), JsonPropertyName("r")] public Guid Relation { get; set; }

    [Id(3), JsonPropertyName("c")] public string Name { get; set; } = "";

    [Id(4), JsonPropertyName("n")] public string? Phone { get; set; }

    /// <summary>Key of her own number, which was asked.</summary>
    [Id(5), JsonPropertyName("k")] public string AddressKey { get; set; } = "";

    [Id(6), JsonPropertyName("t")] public DateTimeOffset At { get; set; }

    /// <summary>She has still to get a text message about it.</summary>
    [Id(7), JsonPropertyName("x")] public bool TextDue { get; set; }
}

/// <summary>Something that the other side has still to hear.</summary>
[GenerateSerializer, Alias("sos.relatives.out-note")]
internal sealed class OutNote
{
    [Id(0), JsonPropertyName("i")] public long Id { get; set; }

    /// <summary>User id; empty while the number has to be looked up.</summary>
    [Id(1), JsonPropertyName("p")] public Guid To { get; set; }

    [Id(2), JsonPropertyName("k")] public NoteKind Kind { get; set; }

    /// <summary>The entry that it is about: in her own list where she asks, else as a rule in the other's.</summary>
    [Id(3), JsonPropertyName("r")] public Guid Relation { get; set; }

    /// <summary>The entry in her own list.</summary>
    [Id(4), JsonPropertyName("o")] public Guid Own { get; set; }
}
