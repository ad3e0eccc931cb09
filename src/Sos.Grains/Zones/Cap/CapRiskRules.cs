namespace Sos.Grains.Zones.Cap;

/// <summary>
/// The risk of a zone, 1 to 5, from what a warning says, and back. Severity gives it: Extreme 5, Severe 4, Moderate 3, Unknown 3, Minor 2. Less for what is
/// not sure (Possible one, Unlikely two less) or not soon (Future one less); never below 1. What is Past is no zone.
/// </summary>
internal static class CapRiskRules
{
    /// <summary>The risk; 0: it is over.</summary>
    public static int Risk(CapUrgency urgency, CapSeverity severity, CapCertainty certainty)
    {
        if (urgency == CapUrgency.Past) return 0;
        var risk = severity switch { CapSeverity.Extreme => 5, CapSeverity.Severe => 4, CapSeverity.Minor => 2, _ => 3 };
        risk -= certainty switch { CapCertainty.Possible => 1, CapCertainty.Unlikely => 2, _ => 0 };
        return Math.Max(1, urgency == CapUrgency.Future ? risk - 1 : risk);
    }

    /// <summary>What is said of a zone of a risk, so that reading it gives the same risk.</summary>
    public static (CapSeverity Severity, CapCertainty Certainty) Levels(int risk) => risk switch
    {
        5 => (CapSeverity.Extreme, CapCertainty.Likely),
        4 => (CapSeverity.Severe, CapCertainty.Likely),
        3 => (CapSeverity.Moderate, CapCertainty.Likely),
        2 => (CapSeverity.Minor, CapCertainty.Likely),
        _ => (CapSeverity.Minor, CapCertainty.Possible),
    };
}
