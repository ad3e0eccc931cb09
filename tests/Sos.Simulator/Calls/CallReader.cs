using System.Globalization;
using System.IO.Compression;
using System.Text;
using Sos.Contracts.Geo;

namespace Sos.Simulator.Calls;

/// <summary>Reads calls in the format of the "montcoalert" dataset. What cannot be read or lies outside is counted, never fatal.</summary>
internal static class CallReader
{
    private const int LongestRow = 4096;

    /// <summary>Reads the first calls of a plain or gzipped CSV file whose first row names the columns.</summary>
    public static CallFile Read(string path, GeoBounds? county, int most)
    {
        using var file = File.OpenRead(path);
        using var plain = IsGzip(file) ? (Stream)new GZipStream(file, CompressionMode.Decompress) : file;
        using var text = new StreamReader(plain, Encoding.UTF8);
        return Read(text, county, most);
    }

    /// <summary>Reads the first calls of a CSV text.</summary>
    public static CallFile Read(TextReader text, GeoBounds? county, int most)
    {
        var columns = Split(text.ReadLine() ?? "");
        int lat = columns.IndexOf("lat"), lng = columns.IndexOf("lng"), title = columns.IndexOf("title"), time = columns.IndexOf("timeStamp");
        if (lat < 0 || lng < 0 || title < 0 || time < 0)
            throw new CommandLineException("The file of calls must begin with a row that names the columns lat, lng, title and timeStamp.");

        var calls = new List<EmergencyCall>();
        int malformed = 0, outside = 0;
        while (calls.Count < most && text.ReadLine() is { } row)
        {
            var cells = row.Length <= LongestRow ? Split(row) : [];
            if (cells.Count <= Math.Max(Math.Max(lat, lng), Math.Max(title, time)) || Call(cells[lat], cells[lng], cells[title], cells[time]) is not { } call)
                malformed++;
            else if (county?.Contains(call.Place) == false)
                outside++;
            else
                calls.Add(call);
        }

        return new CallFile([.. calls.OrderBy(call => call.At)], malformed, outside);
    }

    private static EmergencyCall? Call(string lat, string lng, string title, string time) =>
        double.TryParse(lat, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
        && double.TryParse(lng, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
        && GeoPoint.TryCreate(latitude, longitude, out var place)
        && title.Length > 0
        && DateTime.TryParseExact(time, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? new EmergencyCall(EmergencyCall.KindOf(title), place, at, title)
            : null;

    /// <summary>Cells of a row; quotes may enclose commas and doubled quotes (RFC 4180). A row with an open quote has no cells.</summary>
    private static List<string> Split(string row)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < row.Length; i++)
        {
            var c = row[i];
            if (c == '"' && quoted && i + 1 < row.Length && row[i + 1] == '"') cell.Append(row[++i]);
            else if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else cell.Append(c);
        }

        cells.Add(cell.ToString());
        return quoted ? [] : cells;
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> head = stackalloc byte[2];
        var read = file.ReadAtLeast(head, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && head is [0x1f, 0x8b];
    }
}
