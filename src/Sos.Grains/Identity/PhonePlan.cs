using System.Collections.Frozen;

namespace Sos.Grains.Identity;

/// <summary>
/// What a number's first digits say: whether its country code is assigned (ITU-T E.164, list of assigned country codes), and whether a
/// text there goes to a person at a person's price. Numbers that the caller is paid for, satellites and world-wide services are not texted:
/// they are what is pumped.
/// </summary>
public static class PhonePlan
{
    private static readonly FrozenSet<string> CountryCodes = (
        "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "
        + "211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 247 248 "
        + "249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 "
        + "359 370 371 372 373 374 375 376 377 378 379 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 "
        + "592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 "
        + "850 852 853 855 856 880 886 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 992 993 994 995 996 998").Split(' ').ToFrozenSet();

    // Services of no country: freephone, shared cost, Inmarsat, universal personal, satellites, international networks, premium rate.
    private static readonly FrozenSet<string> WorldServices = "800 808 870 878 881 882 883 888 979".Split(' ').ToFrozenSet();

    // Ranges of national plans that charge whoever reaches them: premium rate and revenue share.
    private static readonly string[] Premium =
    [
        "+1900", "+1976", "+3389", "+3490", "+31900", "+31906", "+31909", "+3290", "+39899", "+39892", "+39895", "+41900", "+41901", "+41906", "+43900",
        "+43901", "+43930", "+43931", "+449", "+4487", "+4590", "+46900", "+46939", "+46944", "+4782", "+4870", "+49900", "+49137", "+358600", "+358700", "+353150",
        "+353155", "+353157", "+353159", "+420900", "+420906", "+420909", "+3690", "+3691", "+61190", "+640900", "+64900", "+55900", "+52900", "+7809", "+81990",
    ];

    /// <summary>The country code of a number (E.164), or null when none like it is assigned.</summary>
    public static string? CountryCode(string phone)
    {
        for (var length = 1; length <= 3 && length < phone.Length; length++)
        {
            var code = phone.Substring(1, length);
            if (CountryCodes.Contains(code) || WorldServices.Contains(code)) return code;
        }

        return null;
    }

    /// <summary>True for a number to which a text may be sent.</summary>
    /// <param name="phone">E.164.</param>
    /// <param name="countries">Country codes that are texted; empty: all.</param>
    /// <param name="denied">Beginnings of numbers that are not.</param>
    public static bool IsTexted(string phone, ICollection<string> countries, IEnumerable<string> denied) =>
        CountryCode(phone) is { } code && !WorldServices.Contains(code) && (countries.Count == 0 || countries.Contains(code))
        && !Premium.Concat(denied).Any(prefix => phone.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>What a national number begins with where it is dialled from its own country; dropped in E.164. Italy keeps its 0.</summary>
    public static string TrunkPrefix(string countryCode) => countryCode switch
    {
        "1" => "1",
        "7" => "8",
        "36" => "06",
        "39" => "",
        _ => "0",
    };
}
