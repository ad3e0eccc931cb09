using System.Text;

namespace Sos.Server.Hosting.Transfer;

/// <summary>
/// The file that <c>export</c> writes and <c>import</c> reads: a line of JSON that says what it is, then items, then an end. Numbers are
/// little-endian; a text is its length in UTF-8 bytes (16 bits) and those bytes.
/// <code>
/// item := tag (1 byte) length (32 bits) body checksum (the first 8 bytes of SHA-256 over tag, length and body)
/// 'S'  := grain type, grain key, state name, then the state's bytes to the end of the body
/// 'P'  := as S, the bytes encrypted once more with the key of their backup
/// 'R'  := grain type, grain key, reminder name, first tick (64 bits, microseconds since 1970 UTC), period (64 bits, milliseconds)
/// 'E'  := number of states (64 bits), number of reminders (64 bits), SHA-256 over everything before this item; nothing follows
/// </code>
/// </summary>
internal static class ExportFormat
{
    /// <summary>Version of the format; readers refuse a greater one.</summary>
    public const int Version = 1;

    /// <summary>The name in the first line.</summary>
    public const string Name = "sos-orleans-data";

    public const byte State = (byte)'S';
    public const byte Reminder = (byte)'R';
    public const byte Sealed = (byte)'P';
    public const byte End = (byte)'E';

    /// <summary>Bytes of tag and length.</summary>
    public const int HeadBytes = 5;

    /// <summary>Bytes of an item's checksum.</summary>
    public const int ChecksumBytes = 8;

    /// <summary>Longest first line in bytes.</summary>
    public const int LongestHeader = 1024;

    /// <summary>Longest body: many times what a record may have, and little enough for memory.</summary>
    public const int LongestBody = 16 * 1024 * 1024;

    /// <summary>Refuses what is not UTF-8.</summary>
    public static UTF8Encoding Text { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}

/// <summary>The first line of an export.</summary>
/// <param name="Format">Always <see cref="ExportFormat.Name"/>.</param>
/// <param name="Version">Version of the format.</param>
/// <param name="Runtime">What the grains ran on.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Key">Name of the key that the items of a backup are encrypted with once more; null: none is.</param>
internal sealed record ExportHeader(string Format, int Version, string Runtime, DateTimeOffset CreatedAt, string? Key = null);

/// <summary>How much an export holds.</summary>
/// <param name="States">States of grains.</param>
/// <param name="Reminders">Reminders.</param>
internal readonly record struct ExportCounts(long States, long Reminders)
{
    /// <summary>With one more.</summary>
    public ExportCounts With(TransferItem item) => item is not TransferReminder ? this with { States = States + 1 } : this with { Reminders = Reminders + 1 };

    /// <inheritdoc/>
    public override string ToString() => $"{States} states and {Reminders} reminders";
}
