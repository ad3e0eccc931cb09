using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Relatives;

/// <summary>What one side of a relation says to the other.</summary>
public enum NoteKind
{
    /// <summary>I have added you.</summary>
    Asks,

    /// <summary>I agree.</summary>
    Agrees,

    /// <summary>It is over, or was never meant.</summary>
    Ends,

    /// <summary>Where are you?</summary>
    Wonders,
}

/// <summary>A note from one side of a relation to the other: sent until it is heard, and good twice.</summary>
/// <param name="Id">Number of the note; grows.</param>
/// <param name="From">User id of who says it.</param>
/// <param name="Kind">What she says.</param>
/// <param name="Relation">The entry that it is about: in her own list where she asks, else as a rule in the other's.</param>
/// <param name="Own">The entry in her own list.</param>
/// <param name="Name">Her name, cut to letters; with <see cref="NoteKind.Asks"/>.</param>
/// <param name="Phone">Her number, likewise.</param>
/// <param name="AddressKey">Key of the number that was asked, likewise.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.note")]
public sealed record RelativeNote(
    [property: Id(0)] long Id,
    [property: Id(1)] Guid From,
    [property: Id(2)] NoteKind Kind,
    [property: Id(3)] Guid Relation,
    [property: Id(4)] Guid Own,
    [property: Id(5)] string? Name = null,
    [property: Id(6)] string? Phone = null,
    [property: Id(7)] string? AddressKey = null);

/// <summary>A note was heard: what it says is on the other side's disk, or is not wanted there.</summary>
/// <param name="Note">Number of the note.</param>
/// <param name="From">User id of who heard it.</param>
/// <param name="Relation">As in the note.</param>
/// <param name="Gone">The other side knows of no such relation (any more).</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.receipt")]
public sealed record NoteReceipt([property: Id(0)] long Note, [property: Id(1)] Guid From, [property: Id(2)] Guid Relation, [property: Id(3)] bool Gone);

/// <summary>What came of what a side has sent.</summary>
/// <param name="Found">Notes whose number has turned out to be somebody's: who.</param>
/// <param name="Dropped">Notes that nobody will hear.</param>
/// <param name="Texted">Invitations that need no text message any more.</param>
/// <param name="Refused">Numbers, by key, that know that they have refused.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.note-results")]
public sealed record NoteResults(
    [property: Id(0)] ImmutableDictionary<long, Guid> Found,
    [property: Id(1)] ImmutableArray<long> Dropped,
    [property: Id(2)] ImmutableArray<Guid> Texted,
    [property: Id(3)] ImmutableArray<string> Refused);
