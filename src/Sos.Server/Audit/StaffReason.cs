namespace Sos.Server.Audit;

/// <summary>Why staff looks or acts, as sent in the header <c>Sos-Reason</c>: 1 to 500 characters, percent-encoded where they are not ASCII.</summary>
internal static class StaffReason
{
    /// <summary>The header.</summary>
    public const string Header = "Sos-Reason";

    /// <summary>The reason of operators who have the board of their areas before them.</summary>
    public const string AtTheBoard = "on duty at the board";

    private const int Longest = 500;

    /// <summary>Reads it; false where there is none or it cannot be one.</summary>
    public static bool TryRead(string? header, out string reason)
    {
        reason = header is null || header.Length > 3 * 4 * Longest ? "" : Uri.UnescapeDataString(header).Trim();
        return reason.Length is > 0 and <= Longest && !reason.Any(char.IsControl);
    }

    /// <summary>The reason, or what stands for it where the work itself is the reason.</summary>
    public static string Or(string? header, string usual) => TryRead(header, out var reason) ? reason : usual;
}
