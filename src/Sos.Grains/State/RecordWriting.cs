using Orleans;
using Orleans.Core;

namespace Sos.Grains.State;

/// <summary>
/// How grains write. After a write that failed nobody knows what is stored: the activation goes, its caller hears of the failure, and the next
/// activation reads what there is.
/// </summary>
internal static class RecordWriting
{
    /// <summary>Writes a grain's record; the grain leaves where that fails.</summary>
    public static async Task WriteOrLeave(this IGrainBase grain, IStorage record)
    {
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            grain.DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>Deletes a grain's record; the grain leaves where that fails.</summary>
    public static async Task ClearOrLeave(this IGrainBase grain, IStorage record)
    {
        try
        {
            await record.ClearStateAsync();
        }
        catch
        {
            grain.DeactivateOnIdle();
            throw;
        }
    }
}
