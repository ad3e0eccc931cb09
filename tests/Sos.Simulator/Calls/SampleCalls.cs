using System.Globalization;
using Sos.Contracts.Geo;

namespace Sos.Simulator.Calls;

/// <summary>Makes up calls of a city that does not exist, in the format that <see cref="CallReader"/> reads. The same seed, the same file.</summary>
internal static class SampleCalls
{
    /// <summary>Centre of the made-up city, far out in the North Atlantic; the demo's city lies there too.</summary>
    private static readonly GeoPoint Centre = new(46.2, -28.4);

    private static readonly (string Name, double Bearing, double Kilometres)[] Districts =
    [
        ("OLD HARBOUR", 0, 0.3), ("NORTH GATE", 10, 2.4), ("LANTERN HILL", 62, 2.1), ("EASTFIELD", 97, 3.3),
        ("SALTMARSH", 140, 2.6), ("SOUTH BANK", 188, 1.9), ("FERRYSIDE", 231, 2.8), ("WEIR QUARTER", 286, 2.2), ("HIGH ORCHARD", 330, 3.4),
    ];

    private static readonly string[] Streets = ["ANCHOR ST", "BAKER LN", "CHAPEL RD", "DYKE ST", "ELM AVE", "FERRY RD", "GRANARY ST", "HOOK LN", "ISLAND RD", "KILN ST"];

    private static readonly (string Title, int Weight)[] Titles =
    [
        ("EMS: FALL VICTIM", 12), ("EMS: RESPIRATORY EMERGENCY", 11), ("EMS: CARDIAC EMERGENCY", 11), ("EMS: HEAD INJURY", 6),
        ("EMS: SEIZURES", 5), ("EMS: ASSAULT VICTIM", 3), ("Fire: FIRE ALARM", 9), ("Fire: BUILDING FIRE", 3), ("Fire: GAS-ODOR/LEAK", 3),
        ("Traffic: VEHICLE ACCIDENT -", 27), ("Traffic: DISABLED VEHICLE -", 10),
    ];

    /// <summary>Writes the file; answers the exit status.</summary>
    public static int Write(string path, int calls, int seed)
    {
        var random = new Random(seed);
        var at = new DateTime(2026, 3, 2, 6, 0, 0);
        using var file = new StreamWriter(path) { NewLine = "\n" };
        file.WriteLine("lat,lng,desc,zip,title,timeStamp,twp,addr,e");
        for (var i = 0; i < calls; i++)
        {
            // Poisson arrivals, 20 an hour.
            at = at.AddSeconds(-180 * Math.Log(1 - random.NextDouble()));
            var district = Districts[random.Next(Districts.Length)];
            var middle = Centre.Travel(district.Bearing, Distance.FromKilometres(district.Kilometres));
            var place = middle.Travel(random.NextDouble() * 360, Distance.FromMetres(700 * Math.Sqrt(random.NextDouble())));
            var title = Titles[Pick(random)].Title;
            var address = $"{Streets[random.Next(Streets.Length)]} & {Streets[random.Next(Streets.Length)]}";
            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{place.Latitude:F7},{place.Longitude:F7},{address};  {district.Name}; made up,,{title},{at:yyyy-MM-dd HH:mm:ss},{district.Name},{address},1"));
        }

        Console.WriteLine($"{calls} made-up calls in {path}");
        return 0;
    }

    private static int Pick(Random random)
    {
        var ticket = random.Next(Titles.Sum(title => title.Weight));
        var index = 0;
        while ((ticket -= Titles[index].Weight) >= 0) index++;
        return index;
    }
}
