using Sos.Grains.Identity;

namespace Sos.Grains.Tests.Identity;

public sealed class PasswordRulesTests
{
    private static readonly string?[] Own = ["ada.lovelace@analytical-engines.example", null, "Ada Lovelace", "Analytical Engines"];

    [Theory]
    [InlineData("seven herons cross the quiet weir")]
    [InlineData("kX9#mQ2$vL7!pR4@")]
    [InlineData("дождь стучит по крыше")]
    [InlineData("                x7Kq9mPw")]
    [InlineData("🐘🦉🐝🦊🐢🦔🐙🦋-wandern")]
    [InlineData("my password is a long heron song")]
    public void A_long_password_of_any_characters_may_be_chosen(string password) => Assert.Null(PasswordRules.Refuse(password, Own));

    [Fact]
    public void A_password_of_64_and_of_256_characters_may_be_chosen_and_a_longer_one_not()
    {
        var random = new Random(5);
        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('!', '~')));
        Assert.Null(PasswordRules.Refuse(Text(64), Own));
        Assert.Null(PasswordRules.Refuse(Text(256), Own));
        Assert.NotNull(PasswordRules.Refuse(Text(257), Own));
    }

    [Theory]
    [InlineData("")]
    [InlineData("kX9#mQ2$vL7!pR")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("passwordpassword")]
    [InlineData("abc123abc123abc123")]
    [InlineData("123456789012345")]
    [InlineData("987654321098765")]
    [InlineData("qwertyuiopasdfghjkl")]
    [InlineData("abcdefghijklmnopqrst")]
    [InlineData("1q2w3e4r5t6y7u8i9o0p1q2w3e4r5t6y7u8i9o0p")]
    [InlineData("AdaLovelace2026!")]
    [InlineData("analyticalengines1")]
    [InlineData("Password12345!!")]
    [InlineData("AdminAdminAdmin2026")]
    [InlineData("emergencyresponder")]
    public void A_password_that_a_stranger_would_try_first_may_not(string password) => Assert.NotNull(PasswordRules.Refuse(password, Own));
}
