namespace Sos.Server.Alerts.Media;

/// <summary>Refuses photos by the size that their header says, before anybody would unfold them.</summary>
internal static class ImageSize
{
    private const int LongestSide = 30_000;

    /// <summary>Lets a size pass.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="mostPixels">Width times height at most.</param>
    /// <exception cref="UnusableMediaException">It has no size, or is too large.</exception>
    public static void Require(long width, long height, int mostPixels)
    {
        if (width <= 0 || height <= 0) throw UnusableMediaException.Damaged("The photo has no size.");
        if (width > LongestSide || height > LongestSide || width * height > mostPixels)
            throw UnusableMediaException.Damaged($"The photo has {width} x {height} pixels; the most are {mostPixels}, and {LongestSide} a side.");
    }
}
