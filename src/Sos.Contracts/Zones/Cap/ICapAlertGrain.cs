using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Zones.Cap;

/// <summary>
/// An official warning: the zones that it has made, and whether it still counts. A message that ends it may come before it does. Key: <see cref="CapKeys.Of"/>.
/// </summary>
[Alias("sos.zones.cap.ICapAlertGrain")]
public interface ICapAlertGrain : IGrainWithGuidKey
{
    /// <summary>Takes the warning and makes its zones; again: makes those that are missing after a crash, or nothing.</summary>
    [Alias("Take")] Task<CapTaken> Take(CapWarning warning);

    /// <summary>All that it was to do to others is done.</summary>
    [Alias("Complete")] Task Complete();

    /// <summary>It counts no longer: its zones are gone when this is answered. What ended it first stays the reason.</summary>
    [Alias("End")] Task End(CapEnd end);

    /// <summary>The same, not waited for.</summary>
    [Alias("EndSoon"), OneWay] Task EndSoon(CapEnd end);

    /// <summary>Staff takes it away, and the same message again does not bring it back; false when there is none.</summary>
    [Alias("Remove")] Task<bool> Remove();

    /// <summary>The warning; null when it has not come.</summary>
    [Alias("Read"), AlwaysInterleave] Task<CapAlertView?> Read();
}
