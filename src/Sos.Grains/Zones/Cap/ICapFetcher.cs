namespace Sos.Grains.Zones.Cap;

/// <summary>What came of asking an address.</summary>
/// <param name="Body">What it answered; null: nothing new, or a failure.</param>
/// <param name="ETag">Its version, as it says.</param>
/// <param name="Modified">When it was changed, as it says.</param>
/// <param name="Fault">Why it failed, in a word that never changes, like <c>http-503</c> or <c>private-address</c>; null: it did not.</param>
public sealed record CapFetched(byte[]? Body, string? ETag, string? Modified, string? Fault)
{
    /// <summary>A failure.</summary>
    public static CapFetched Failed(string fault) => new(null, null, null, fault);
}

/// <summary>Fetches feeds and messages from addresses that may be anybody's: never from this network, never more than a bound, never for longer than one.</summary>
public interface ICapFetcher
{
    /// <summary>Asks an address.</summary>
    /// <param name="address">Where.</param>
    /// <param name="known">ETag of the version that is known; null: any.</param>
    /// <param name="knownModified">Last-Modified of that version; null: any.</param>
    /// <param name="longest">Most bytes that are read.</param>
    Task<CapFetched> Fetch(Uri address, string? known, string? knownModified, int longest);
}
