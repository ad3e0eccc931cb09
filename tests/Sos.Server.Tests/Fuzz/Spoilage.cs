using System.Text;

namespace Sos.Server.Tests.Fuzz;

/// <summary>Spoils bytes in one place, as broken connections, careless programs and malice do.</summary>
internal static class Spoilage
{
    private const int Deep = 10_000;

    /// <summary>The bytes, spoilt.</summary>
    public static byte[] Spoil(byte[] bytes, Random random)
    {
        if (bytes.Length == 0) return [(byte)random.Next(256)];
        var at = random.Next(bytes.Length);
        switch (random.Next(10))
        {
            case 0: return bytes[..at];
            case 1: return [.. bytes[..at], .. bytes[(at + 1)..]];
            case 2: return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            case 3:
                var flipped = bytes.ToArray();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 4: return [.. bytes, .. bytes];
            case 5: return [.. "\uFEFF"u8, .. bytes];
            case 6: return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes));
            case 7 when random.Next(5) == 0: return Encoding.ASCII.GetBytes(new string('[', Deep) + new string(']', random.Next(2) * Deep));
            case 8 when random.Next(5) == 0: return Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", Deep)));
            default:
                // A member twice, the second with other content.
                var comma = Array.IndexOf(bytes, (byte)',', at);
                return comma < 0 ? bytes : [.. bytes[..comma], .. bytes[(Array.LastIndexOf(bytes, (byte)'{', comma) + 1)..comma], .. bytes[comma..]];
        }
    }
}
