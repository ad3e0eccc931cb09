using Sos.Contracts.Geo;

namespace Sos.Simulator.Calls;

/// <summary>A call to replay.</summary>
/// <param name="Kind">In the API's words.</param>
/// <param name="Place">Where.</param>
/// <param name="At">When, in the data's own time.</param>
/// <param name="Title">As in the data, for the note.</param>
internal sealed record EmergencyCall(string Kind, GeoPoint Place, DateTime At, string Title)
{
    private static readonly string[] Threats = ["ASSAULT", "SHOOTING", "STABBING"];

    /// <summary>
    /// EMS is medical and Fire is fire, but assaults, shootings and stabbings are safety: threats by people, to which only cleared
    /// responders go. Traffic is other: no responder of ours is trained for a blocked road.
    /// </summary>
    public static string KindOf(string title)
    {
        if (Threats.Any(threat => title.Contains(threat, StringComparison.OrdinalIgnoreCase))) return "safety";
        if (title.StartsWith("EMS", StringComparison.OrdinalIgnoreCase)) return "medical";
        return title.StartsWith("Fire", StringComparison.OrdinalIgnoreCase) ? "fire" : "other";
    }
}

/// <summary>What a file of calls held.</summary>
/// <param name="Calls">In order of time.</param>
/// <param name="Malformed">Rows that could not be read.</param>
/// <param name="Outside">Rows outside the county.</param>
internal sealed record CallFile(IReadOnlyList<EmergencyCall> Calls, int Malformed, int Outside);
