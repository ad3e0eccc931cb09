using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;

namespace Sos.Server.Alerts;

/// <summary>What could be read of a press of the SOS button. Never refused: what is missing has its default and, where it matters, a warning.</summary>
/// <param name="Id">Alert id made by the client; null: none, or not readable.</param>
/// <param name="Kind">What kind of help.</param>
/// <param name="Position">Where; null: unknown.</param>
/// <param name="Note">At most <see cref="MaxNote"/> characters.</param>
/// <param name="Silent">The victim's phone makes no sound.</param>
/// <param name="HoldUntil">End of the cancel countdown, or null.</param>
/// <param name="PressedAt">When, by the server's clock.</param>
/// <param name="Warnings">What could not be read or was put right.</param>
internal readonly record struct Press(
    Guid? Id,
    AlertKind Kind,
    PositionFix? Position,
    string? Note,
    bool Silent,
    DateTimeOffset? HoldUntil,
    DateTimeOffset PressedAt,
    PressWarnings Warnings)
{
    /// <summary>Longest note in characters.</summary>
    public const int MaxNote = 2_000;

    /// <summary>Longest cancel countdown.</summary>
    public static TimeSpan MaxHold { get; } = TimeSpan.FromSeconds(10);

    /// <summary>A press that lies further back is a wrong clock, not an old press: outboxes keep trying for hours, not for days.</summary>
    public static TimeSpan OldestPress { get; } = TimeSpan.FromHours(24);

    /// <summary>An older position is no longer where the person is; it is used all the same, marked with its age.</summary>
    public static TimeSpan FreshPosition { get; } = TimeSpan.FromMinutes(30);

    /// <summary>Clocks that differ by less are right.</summary>
    public static TimeSpan ClockTolerance { get; } = TimeSpan.FromSeconds(5);
}

/// <summary>What could not be read of a press, or was put right.</summary>
[Flags]
internal enum PressWarnings
{
    None = 0,
    BodyMissing = 1 << 0,
    BodyUnreadable = 1 << 1,
    BodyDamaged = 1 << 2,
    BodyTruncated = 1 << 3,
    BodyCut = 1 << 4,
    ContentType = 1 << 5,
    Encoding = 1 << 6,
    UnknownMembers = 1 << 7,
    DuplicateMembers = 1 << 8,
    IdUnreadable = 1 << 9,
    KindUnreadable = 1 << 10,
    PositionUnreadable = 1 << 11,
    PositionImpossible = 1 << 12,
    PositionTimeCorrected = 1 << 13,
    PositionStale = 1 << 14,
    AccuracyUnreadable = 1 << 15,
    NumberAsText = 1 << 16,
    NoteUnreadable = 1 << 17,
    NoteRepaired = 1 << 18,
    NoteCut = 1 << 19,
    SilentUnreadable = 1 << 20,
    HoldUnreadable = 1 << 21,
    HoldClamped = 1 << 22,
    PressedAtUnreadable = 1 << 23,
    ClockCorrected = 1 << 24,
    IdChanged = 1 << 25,
    KeyIgnored = 1 << 26,
    PositionLastKnown = 1 << 27,
    PositionUnknown = 1 << 28,
}

/// <summary>The warnings' stable words, as clients see them.</summary>
internal static class PressWords
{
    private static readonly ImmutableArray<string> Words =
    [
        "body-missing", "body-unreadable", "body-damaged", "body-truncated", "body-cut", "content-type-ignored", "encoding-converted",
        "unknown-members", "duplicate-members", "id-unreadable", "kind-unreadable", "position-unreadable", "position-impossible",
        "position-time-corrected", "position-stale", "accuracy-unreadable", "number-as-text", "note-unreadable", "note-repaired", "note-cut",
        "silent-unreadable", "hold-unreadable", "hold-clamped", "pressed-at-unreadable", "clock-corrected", "id-changed",
        "idempotency-key-ignored", "position-last-known", "position-unknown",
    ];

    /// <summary>A word for each warning, always in the same order.</summary>
    public static ImmutableArray<string> Of(PressWarnings warnings)
    {
        if (warnings == PressWarnings.None) return [];
        var words = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < Words.Length; i++)
        {
            if (((int)warnings & (1 << i)) != 0) words.Add(Words[i]);
        }

        return words.ToImmutable();
    }
}
