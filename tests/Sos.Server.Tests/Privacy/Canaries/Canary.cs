using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Sos.Contracts.Geo;

namespace Sos.Server.Tests.Privacy.Canaries;

/// <summary>Something of one person that is nowhere else in the world, in every form in which it could slip out.</summary>
/// <param name="Name">Whose and what, like <c>victim.place</c>.</param>
/// <param name="Forms">What it is looked for as.</param>
internal sealed record Canary(string Name, IReadOnlyList<CanaryForm> Forms)
{
    /// <summary>A word, a name, a link: as it is, in base64 and in hexadecimal digits.</summary>
    public static Canary Text(string name, string text) => new(name, [.. Spellings(Encoding.UTF8.GetBytes(text))]);

    /// <summary>Bytes of a file.</summary>
    public static Canary Bytes(string name, byte[] bytes) => new(name, [.. Spellings(bytes)]);

    /// <summary>Six digits that stand by themselves.</summary>
    public static Canary Code(string name, string code) => new(name, [new CanaryForm("digits", Encoding.ASCII.GetBytes(code), Alone: true)]);

    /// <summary>A number without its plus, which JSON and addresses write as they like.</summary>
    public static Canary Phone(string name, string phone) => Text(name, phone.TrimStart('+'));

    /// <summary>
    /// A place: either of its coordinates to three decimals or more, rounded or cut; both of them in base64; geohashes of six letters and more; binary numbers as in WKB.
    /// </summary>
    public static Canary Place(string name, double latitude, double longitude)
    {
        var forms = new List<CanaryForm>();
        foreach (var coordinate in new[] { latitude, longitude })
        {
            var number = Math.Abs(coordinate);
            foreach (var decimals in new[] { 3, 4, 5 })
            {
                forms.Add(new CanaryForm($"rounded to {decimals}", Ascii(Math.Round(number, decimals), decimals), Number: true));
                forms.Add(new CanaryForm($"cut to {decimals}", Ascii(Math.Truncate(number * Math.Pow(10, decimals)) / Math.Pow(10, decimals), decimals), Number: true));
            }

            foreach (var text in new[] { Ascii(number, 6), Ascii(Math.Round(number, 5), 5) }) forms.AddRange(Spellings(text).Skip(1));
            foreach (var wkb in new[] { Double(coordinate, little: true), Double(coordinate, little: false) }) forms.AddRange(Spellings(wkb));
            var scaled = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(scaled, (int)Math.Round(coordinate * 1e7));
            forms.Add(new CanaryForm("ten millionths, hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(scaled))));
        }

        forms.Add(new CanaryForm("geohash", Encoding.ASCII.GetBytes(Geohash(latitude, longitude, 6))));
        forms.Add(new CanaryForm("GEOHASH", Encoding.ASCII.GetBytes(Geohash(latitude, longitude, 6).ToUpperInvariant())));
        return new Canary(name, [.. forms.DistinctBy(form => (form.What, Convert.ToHexString(form.Bytes)))]);
    }

    /// <summary>A geohash of so many letters; our own cells have five.</summary>
    internal static string Geohash(double latitude, double longitude, int letters)
    {
        const string Letters = "0123456789bcdefghjkmnpqrstuvwxyz";
        var (south, north, west, east) = (-90.0, 90.0, -180.0, 180.0);
        var text = new StringBuilder();
        for (var (bit, value) = (0, 0); text.Length < letters; bit++)
        {
            if (bit % 2 == 0)
            {
                var middle = (west + east) / 2;
                value = value << 1 | (longitude >= middle ? 1 : 0);
                (west, east) = longitude >= middle ? (middle, east) : (west, middle);
            }
            else
            {
                var middle = (south + north) / 2;
                value = value << 1 | (latitude >= middle ? 1 : 0);
                (south, north) = latitude >= middle ? (middle, north) : (south, middle);
            }

            if (bit % 5 != 4) continue;
            text.Append(Letters[value]);
            value = 0;
        }

        Assert.Equal(GeocellId.Of(new GeoPoint(latitude, longitude)).ToString(), text.ToString()[..5]);
        return text.ToString();
    }

    private static IEnumerable<CanaryForm> Spellings(byte[] bytes)
    {
        yield return new CanaryForm("as it is", bytes);
        yield return new CanaryForm("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)));
        yield return new CanaryForm("HEXADECIMAL", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)));
        if (Uri.EscapeDataString(Encoding.Latin1.GetString(bytes)) is var escaped && escaped.Length > bytes.Length && bytes.All(one => one < 128)) yield return new CanaryForm("in an address", Encoding.ASCII.GetBytes(escaped));

        // Base64 has three ways to write what stands inside of something else; without the letters that its neighbours share.
        for (var shift = 0; shift < 3; shift++)
        {
            var text = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            var (from, to) = ((shift * 8 + 5) / 6, (shift + bytes.Length) * 8 / 6);
            var inner = text[from..to];
            yield return new CanaryForm($"base64 +{shift}", Encoding.ASCII.GetBytes(inner));
            if (inner.AsSpan().IndexOfAny('+', '/') >= 0) yield return new CanaryForm($"base64url +{shift}", Encoding.ASCII.GetBytes(inner.Replace('+', '-').Replace('/', '_')));
        }
    }

    private static byte[] Double(double value, bool little)
    {
        var bytes = new byte[8];
        if (little) BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        else BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Ascii(double value, int decimals) => Encoding.ASCII.GetBytes(value.ToString("F" + decimals, CultureInfo.InvariantCulture));
}

/// <summary>One way to write a canary.</summary>
/// <param name="What">Which way.</param>
/// <param name="Bytes">What is looked for.</param>
/// <param name="Number">Only where no digit or point stands before it.</param>
/// <param name="Alone">And none behind it.</param>
internal sealed record CanaryForm(string What, byte[] Bytes, bool Number = false, bool Alone = false)
{
    /// <summary>Whether it is in there.</summary>
    public bool IsIn(ReadOnlySpan<byte> content)
    {
        for (var at = 0; content[at..].IndexOf(Bytes) is var found and >= 0; at += found + 1)
        {
            var (before, after) = (at + found - 1, at + found + Bytes.Length);
            if ((Number || Alone) && before >= 0 && IsNumeral(content[before])) continue;
            if (Alone && after < content.Length && char.IsAsciiLetterOrDigit((char)content[after])) continue;
            return true;
        }

        return false;
    }

    private static bool IsNumeral(byte letter) => letter == (byte)'.' || char.IsAsciiLetterOrDigit((char)letter);
}
