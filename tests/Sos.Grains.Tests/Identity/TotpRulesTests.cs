using System.Text;
using Sos.Grains.Identity;

namespace Sos.Grains.Tests.Identity;

public sealed class TotpRulesTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void The_examples_of_rfc_6238_are_met(long seconds, string code)
    {
        Assert.Equal(code, TotpRules.Code(Secret, seconds / 30, 8));
        Assert.Equal(seconds / 30, TotpRules.Match(Secret, code[2..], DateTimeOffset.FromUnixTimeSeconds(seconds)));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void The_examples_of_rfc_4648_are_met(string plain, string text) => Assert.Equal(text, TotpRules.ToBase32(Encoding.ASCII.GetBytes(plain)));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_code_of_the_step_before_or_after_is_taken_and_none_else(int steps, bool taken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_015);
        var step = now.ToUnixTimeSeconds() / 30 + steps;
        Assert.Equal(taken ? step : null, TotpRules.Match(Secret, TotpRules.Code(Secret, step, 6), now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("2870822")]
    [InlineData("94287082")]
    [InlineData("２８７０８２")]
    [InlineData("287 082")]
    [InlineData("-87082")]
    public void What_is_not_six_digits_is_no_code(string typed) => Assert.Null(TotpRules.Match(Secret, typed, DateTimeOffset.FromUnixTimeSeconds(59)));
}
