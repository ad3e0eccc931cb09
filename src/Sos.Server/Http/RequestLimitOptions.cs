using System.ComponentModel.DataAnnotations;

namespace Sos.Server.Http;

/// <summary>
/// Section <c>Sos:Limits</c>: how many requests are taken in each minute, on every route but the press of the SOS button. Each server counts
/// by itself. A block of addresses is a /24, or a /64 of IPv6; a mobile carrier can have thousands of phones behind one.
/// </summary>
public sealed class RequestLimitOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Sos:Limits";

    /// <summary>Of one signed-in user, over all of her devices, hub calls included.</summary>
    [Range(1, int.MaxValue)]
    public int PerUser { get; set; } = 600;

    /// <summary>Of one app, over all of its users; an app may be registered with less.</summary>
    [Range(1, int.MaxValue)]
    public int PerApp { get; set; } = 6_000;

    /// <summary>Of one tracker; what asks for help is taken beyond it.</summary>
    [Range(1, int.MaxValue)]
    public int PerTracker { get; set; } = 120;

    /// <summary>From one block of addresses, without a credential or on a route that asks for none.</summary>
    [Range(1, int.MaxValue)]
    public int AnonymousPerBlock { get; set; } = 6_000;

    /// <summary>
    /// From one block of addresses with credentials that were never issued here. Only such requests are counted and refused: who floods from a
    /// block keeps none of its others from anything.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int ForgedPerBlock { get; set; } = 6_000;
}
