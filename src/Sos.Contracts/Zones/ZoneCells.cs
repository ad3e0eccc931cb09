namespace Sos.Contracts.Zones;

/// <summary>Keys of the index of zones.</summary>
public static class ZoneCells
{
    /// <summary>The cell of the whole Earth, above those of one letter.</summary>
    public const string Root = "*";

    /// <summary>Letters of the finest cells.</summary>
    public const int Finest = Geo.GeocellId.CellLength;

    /// <summary>Most zones listed in one cell; its record stays under 64 KB.</summary>
    public const int MostZones = 1_000;

    /// <summary>The cell above one.</summary>
    public static string Above(string cell) => cell.Length <= 1 ? Root : cell[..^1];

    /// <summary>The cell below one by a letter.</summary>
    public static string Below(string cell, char letter) => cell == Root ? letter.ToString() : cell + letter;
}
