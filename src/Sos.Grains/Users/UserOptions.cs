using System.ComponentModel.DataAnnotations;

namespace Sos.Grains.Users;

/// <summary>Users; configuration section <c>Sos:Users</c>.</summary>
public sealed class UserOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sos:Users";

    /// <summary>From this age, in years, a person consents for herself (GDPR, Article 8: 16, where the country has set no lower one). Default 16; 13 to 18.</summary>
    [Range(13, 18)]
    public int AgeOfConsent { get; set; } = 16;
}
