using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sos.Contracts.Audit;

namespace Sos.Server.Audit;

/// <summary>A page of the audit.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Cursor">For the next page; left out at the end.</param>
public sealed record AuditPage(ImmutableArray<AuditItem> Items, string? Cursor);

/// <summary>An entry.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Chain">The chain it is in: day and shard.</param>
/// <param name="Seq">Its number in the chain.</param>
/// <param name="At">When it was done.</param>
/// <param name="Actor">User id of who did it.</param>
/// <param name="Act">What.</param>
/// <param name="Subject">To what.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">More.</param>
/// <param name="Hash">SHA-256, base64, over the hash of the entry before and this one.</param>
public sealed record AuditItem(Guid Id, string Chain, long Seq, DateTimeOffset At, Guid Actor, AuditAct Act, string Subject, string Reason, string? Detail, string Hash)
{
    internal static AuditItem Of(string chain, AuditEntry entry)
    {
        var draft = entry.Draft;
        return new AuditItem(draft.Id, chain, entry.Seq, draft.At, draft.Actor, draft.Act, draft.Subject, draft.Reason, draft.Detail, entry.Hash);
    }
}

/// <summary>What a check of the audit found.</summary>
/// <param name="Entries">Entries read.</param>
/// <param name="Chains">Chains that have entries.</param>
/// <param name="Faults">What is not as it was written, by name; empty: nothing.</param>
/// <param name="Heads">The newest hash of each chain; kept elsewhere, they prove later that nothing before was changed.</param>
public sealed record AuditReport(long Entries, int Chains, ImmutableArray<string> Faults, ImmutableArray<AuditHead> Heads)
{
    internal static AuditReport Of(IReadOnlyCollection<AuditVerdict> verdicts) => new(
        verdicts.Sum(v => v.Entries),
        verdicts.Count(v => v.Entries > 0),
        [.. verdicts.SelectMany(v => v.Faults)],
        [.. verdicts.Where(v => v.Head is not null).Select(v => new AuditHead(v.Chain, v.Entries, v.Head!))]);
}

/// <summary>Where a chain stands.</summary>
/// <param name="Chain">Day and shard.</param>
/// <param name="Entries">How many entries it has.</param>
/// <param name="Hash">Hash of the newest.</param>
public sealed record AuditHead(string Chain, long Entries, string Hash);

/// <summary>Where a listing of a day stands: in each chain, the number below which it goes on.</summary>
internal sealed record AuditCursor(DateOnly Day, long[] Below)
{
    private const string DayFormat = "yyyyMMdd";

    public static AuditCursor Start(DateOnly day) => new(day, [.. Enumerable.Repeat(long.MaxValue, AuditKeys.Shards)]);

    public static bool TryParse(string text, out AuditCursor cursor)
    {
        cursor = Start(default);
        if (text.Length > 1_000 || !Base64Url.IsValid(text)) return false;
        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('.');
        if (parts.Length != 1 + AuditKeys.Shards || !DateOnly.TryParseExact(parts[0], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return false;
        var below = new long[AuditKeys.Shards];
        for (var shard = 0; shard < below.Length; shard++)
        {
            if (!long.TryParse(parts[shard + 1], NumberStyles.None, CultureInfo.InvariantCulture, out below[shard])) return false;
        }

        cursor = new AuditCursor(day, below);
        return true;
    }

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Day.ToString(DayFormat, CultureInfo.InvariantCulture)}.{string.Join('.', Below)}")));
}
