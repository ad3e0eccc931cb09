using Sos.Contracts.Responders;

namespace Sos.Server.Responders;

/// <summary>Capabilities as words.</summary>
internal static class CapabilityNames
{
    private static readonly (string Name, Capabilities Capability)[] Known =
        [("medical", Capabilities.Medical), ("safety", Capabilities.Safety), ("fire", Capabilities.Fire), ("aed", Capabilities.Aed)];

    /// <summary>The words of capabilities.</summary>
    public static IReadOnlyList<string> Of(Capabilities capabilities) => [.. Known.Where(k => capabilities.HasFlag(k.Capability)).Select(k => k.Name)];

    /// <summary>Reads words; false if one is none.</summary>
    public static bool TryRead(IReadOnlyList<string> names, out Capabilities capabilities)
    {
        capabilities = Capabilities.None;
        foreach (var name in names)
        {
            var known = Array.Find(Known, k => k.Name == name).Capability;
            if (known == Capabilities.None) return false;
            capabilities |= known;
        }

        return true;
    }
}
