using Sos.Server.Http;

namespace Sos.Server.Alerts.Media;

/// <summary>A file that is not taken; the detail says why, in words for whoever sent it, and holds nothing of its content.</summary>
internal sealed class UnusableMediaException(ProblemKind kind, string detail) : Exception(detail)
{
    /// <summary>What to answer.</summary>
    public ProblemKind Kind => kind;

    /// <summary>It has a good beginning and is not as its format says.</summary>
    public static UnusableMediaException Damaged(string what) => new(ProblemKind.MediaDamaged, what);

    /// <summary>It is something else.</summary>
    public static UnusableMediaException Refused(string what) => new(ProblemKind.MediaRefused, $"This is {what}. {MediaType.Taken}");
}
