using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sos.Contracts.Audit;

namespace Sos.Grains.Audit;

/// <summary>How entries are chained, and how a chain that is not as it was written shows what has happened to it.</summary>
internal static class AuditRules
{
    /// <summary>Longest texts of an entry.</summary>
    public const int LongestSubject = 120, LongestReason = 500, LongestDetail = 300;

    /// <summary>Entries of a segment at most: the open one is written with each.</summary>
    public const int MostEntries = 32;

    /// <summary>A segment this large is full: with one more entry of the longest texts the record stays far under 64 KB.</summary>
    public const int FullBytes = 16_000;

    private const int EntryBytes = 360;

    /// <summary>Bytes of a character in the codec of states at most.</summary>
    private const int CharacterBytes = 6;

    /// <summary>The hash that a chain begins with: its name, so that no chain can take the place of another.</summary>
    public static string Beginning(string chain) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("sos.audit.1/" + chain)));

    /// <summary>The hash of an entry after another.</summary>
    public static string Hash(string before, long seq, AuditDraft draft, long uptime)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] parts =
        [
            before, seq.ToString(CultureInfo.InvariantCulture), draft.Id.ToString("N"), draft.At.UtcTicks.ToString(CultureInfo.InvariantCulture), draft.Actor.ToString("N"),
            draft.Act.ToString(), draft.Subject, draft.Reason, draft.Detail is null ? "" : "=" + draft.Detail, uptime.ToString(CultureInfo.InvariantCulture),
        ];
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // Each part with its length before it: no two entries have the same bytes.
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>Puts an entry at the end.</summary>
    public static void Append(AuditSegmentState state, string chain, AuditDraft draft, long uptime)
    {
        if (state.Count == 0) state.Before = state.Head = Beginning(chain);
        var cut = draft with { Subject = Cut(draft.Subject, LongestSubject)!, Reason = Cut(draft.Reason, LongestReason)!, Detail = Cut(draft.Detail, LongestDetail) };
        var seq = state.Count + 1;
        state.Head = Hash(state.Head, seq, cut, uptime);
        state.Count = seq;
        state.Entries.Add(new AuditEntry(seq, cut, uptime, state.Head));
    }

    /// <summary>True when the next entry belongs into a new segment.</summary>
    public static bool IsFull(AuditSegmentState state) => state.Entries.Count >= MostEntries || state.Entries.Sum(Bytes) >= FullBytes;

    /// <summary>The empty segment after a full one.</summary>
    public static AuditSegmentState Next(AuditSegmentState full) =>
        new() { Number = full.Number + 1, First = full.Count + 1, Before = full.Head, Count = full.Count, Head = full.Head };

    /// <summary>True for entries that a filter wants.</summary>
    public static bool Wants(this AuditFilter filter, AuditEntry entry) =>
        (filter.Actor is null || filter.Actor == entry.Draft.Actor) && (filter.Act is null || filter.Act == entry.Draft.Act)
        && (filter.Subject is null || filter.Subject == entry.Draft.Subject) && (filter.Subjects is not { } subjects || subjects.Contains(entry.Draft.Subject));

    /// <summary>Checks a chain: the full segments in order, null where there is none, and the open one.</summary>
    public static AuditVerdict Check(string chain, IReadOnlyList<AuditSegment?> full, AuditSegmentState open)
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        List<AuditSegment?> parts = [.. full, open.ToSegment()];
        string? before = Beginning(chain);
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not { } part)
            {
                faults.Add($"{chain}: segment {i} is missing");
                before = null;
                continue;
            }

            if (open.Count > 0 && before is not null && part.Before != before) faults.Add($"{chain}: segment {i} does not follow the one before");
            var last = i == full.Count ? open.Count : parts[i + 1]?.First - 1 ?? part.Entries.Select(e => e.Seq).DefaultIfEmpty(part.First - 1).Max();
            if (last >= part.First + MostEntries)
            {
                // What no segment holds: what is counted is not what was.
                faults.Add($"{chain}: segment {i} claims {last - part.First + 1} entries");
                last = part.First + part.Entries.Length - 1;
            }

            before = CheckEntries(chain, part, last, faults);
        }

        if (open.Count > 0 && before is not null && before != open.Head) faults.Add($"{chain}: the newest entry is not the last that was written");
        return new AuditVerdict(chain, open.Count, open.Count > 0 ? open.Head : null, faults.ToImmutable());
    }

    // Answers the hash that the next segment begins with, or null where its entry is missing.
    private static string? CheckEntries(string chain, AuditSegment segment, long last, ImmutableArray<string>.Builder faults)
    {
        var there = segment.Entries.GroupBy(e => e.Seq).ToDictionary(same => same.Key, same => same.First());
        for (var seq = segment.First; seq <= last; seq++)
        {
            if (!there.ContainsKey(seq)) faults.Add($"{chain}: entry {seq} is missing");
        }

        var newest = segment.First - 1;
        foreach (var entry in segment.Entries)
        {
            if (entry.Seq <= newest || entry.Seq > last) faults.Add($"{chain}: entry {entry.Seq} is out of order or too many");
            newest = Math.Max(newest, entry.Seq);
            var before = entry.Seq == segment.First ? segment.Before : there.GetValueOrDefault(entry.Seq - 1)?.Hash;
            if (before is not null && Hash(before, entry.Seq, entry.Draft, entry.Uptime) != entry.Hash)
                faults.Add($"{chain}: entry {entry.Seq} ({entry.Draft.Id}) has been changed, or the one before it");
        }

        return last < segment.First ? segment.Before : there.GetValueOrDefault(last)?.Hash;
    }

    private static int Bytes(AuditEntry entry) => EntryBytes + CharacterBytes * (entry.Draft.Subject.Length + entry.Draft.Reason.Length + (entry.Draft.Detail?.Length ?? 0));

    private static string? Cut(string? text, int longest) => text is not null && text.Length > longest ? text[..longest] : text;
}
