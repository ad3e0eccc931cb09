using System.ComponentModel.DataAnnotations;

namespace Sos.Grains.Relatives;

/// <summary>Relatives; configuration section <c>Sos:Relatives</c>.</summary>
public sealed class RelativeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sos:Relatives";

    /// <summary>How long encounters and looks are kept, in days. Default 30; 1 to 365.</summary>
    [Range(1, 365)]
    public int HistoryDays { get; set; } = 30;

    /// <summary>History is kept so long.</summary>
    internal TimeSpan HistoryKept => TimeSpan.FromDays(HistoryDays);
}
