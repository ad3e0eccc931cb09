namespace Sos.Grains.Identity;

/// <summary>
/// Which passwords may be chosen (OWASP ASVS 5.0, 6.2): long ones of any characters, that are no run, no repetition and not made of words which
/// a stranger would try first. What they are is never changed or cut.
/// </summary>
public static class PasswordRules
{
    /// <summary>Least length, UTF-16 units.</summary>
    public const int Shortest = 15;

    /// <summary>Most, so that nobody makes the service hash a book.</summary>
    public const int Longest = 256;

    /// <summary>Different characters that have to be left of a password when every word that is easy to guess has been taken out of it.</summary>
    private const int LeastOfOnesOwn = 7;

    /// <summary>Shorter words occur in good passwords by chance.</summary>
    private const int ShortestWord = 3;

    /// <summary>Words that nobody may build a password from, beside those of the account itself.</summary>
    private static readonly string[] ServiceWords =
        ["sosorleans", "orleans", "password", "passwort", "passphrase", "welcome", "emergency", "responder", "operator", "administrator", "admin", "secret", "letmein", "iloveyou", "changeme", "default", "login"];

    private static readonly string[] Rows = ["1234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "abcdefghijklmnopqrstuvwxyz"];

    /// <summary>Why a password may not be chosen; null: it may.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="own">Words of the account: address, name, company.</param>
    public static string? Refuse(string password, IEnumerable<string?> own)
    {
        if (password.Length < Shortest) return $"password must have {Shortest} characters or more; a few words that do not belong together are good.";
        if (password.Length > Longest) return $"password takes at most {Longest} characters.";
        if (IsRepetition(password) || IsRun(password)) return "password must not be a repetition or a run of keys.";
        return OfOnesOwn(password, own) < LeastOfOnesOwn ? "password must not be made of your own name or address or of words like password." : null;
    }

    /// <summary>True for something said again and again.</summary>
    private static bool IsRepetition(string password)
    {
        for (var period = 1; period <= password.Length / 2; period++)
        {
            var same = true;
            for (var i = period; same && i < password.Length; i++) same = password[i] == password[i - period];
            if (same) return true;
        }

        return false;
    }

    /// <summary>True when most characters lie beside the one before them, on a keyboard or in an order.</summary>
    private static bool IsRun(string password)
    {
        var steps = 0;
        for (var i = 1; i < password.Length; i++)
        {
            if (AreNeighbours(char.ToLowerInvariant(password[i - 1]), char.ToLowerInvariant(password[i]))) steps++;
        }

        return steps * 4 >= (password.Length - 1) * 3;
    }

    private static bool AreNeighbours(char a, char b) => a == b || Rows.Any(row =>
    {
        var (first, second) = (row.IndexOf(a, StringComparison.Ordinal), row.IndexOf(b, StringComparison.Ordinal));
        // The end of a row leads to its beginning: 90123.
        return first >= 0 && second >= 0 && (Math.Abs(first - second) == 1 || Math.Abs(first - second) == row.Length - 1);
    });

    private static int OfOnesOwn(string password, IEnumerable<string?> own)
    {
        var rest = password.ToLowerInvariant();
        var words = own.OfType<string>().SelectMany(text => text.ToLowerInvariant().Split(['@', '.', ' ', '-', '_', '+', '/'], StringSplitOptions.RemoveEmptyEntries));
        foreach (var word in words.Concat(ServiceWords).Where(word => word.Length >= ShortestWord).OrderByDescending(word => word.Length))
            rest = rest.Replace(word, "", StringComparison.Ordinal);
        return rest.Distinct().Count(letter => !char.IsWhiteSpace(letter));
    }
}
