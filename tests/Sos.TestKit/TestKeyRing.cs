using Sos.Contracts.Privacy;
using Sos.Grains.Privacy;

namespace Sos.TestKit;

/// <summary>The key-encryption key of test silos: the same in every run, so that what one stored the next one reads.</summary>
public static class TestKeyRing
{
    /// <summary>The ring.</summary>
    public static IKeyEncryption Instance { get; } = new KeyRing([Enumerable.Range(1, KeyRing.KeyBytes).Select(i => (byte)i).ToArray()]);
}
