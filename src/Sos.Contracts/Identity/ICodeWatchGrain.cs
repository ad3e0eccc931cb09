using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Identity;

/// <summary>Looks at the one-time codes of all addresses together, since an attack on many keeps every single one's limits. Key: "codes".</summary>
[Alias("sos.identity.ICodeWatchGrain")]
public interface ICodeWatchGrain : IGrainWithStringKey
{
    /// <summary>Asks for leave to send one more; refused above the cap.</summary>
    [Alias("TakeSend")] Task<CodeWatchAnswer> TakeSend();

    /// <summary>A code was checked.</summary>
    [Alias("NoteCheck")] Task<CodeWatchAnswer> NoteCheck(bool good);

    /// <summary>What it sees.</summary>
    [Alias("View"), AlwaysInterleave] Task<CodeWatchView> View();
}
