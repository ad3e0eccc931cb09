using Sos.Grains.Identity;

namespace Sos.Grains.Tests.Identity;

public sealed class AddressRulesTests
{
    [Theory]
    [InlineData("+49 30 1234567")]
    [InlineData("+49 (0)30 1234567")]
    [InlineData("+49 (0) 30 1234567")]
    [InlineData("0049-30-1234567")]
    [InlineData("00 49 30.123.45/67")]
    [InlineData("tel:+49-30-1234567")]
    [InlineData("(+49) 30 1234567")]
    [InlineData("  +49\u00A030\u20111234567 ")]
    [InlineData("＋４９ ３０ １２３４５６７")]
    [InlineData("+٤٩ ٣٠ ١٢٣٤٥٦٧")]
    [InlineData("\u202A+49301234567\u202C")]
    public void Every_common_spelling_is_the_same_number(string spelling)
    {
        Assert.True(AddressRules.TryPhone(spelling, "", out var phone));
        Assert.Equal("+49301234567", phone);
    }

    [Theory]
    [InlineData("030 1234567")]
    [InlineData("(030) 1234567")]
    [InlineData("30 1234567")]
    public void A_national_number_gets_the_deployments_country_and_is_refused_without_one(string spelling)
    {
        Assert.True(AddressRules.TryPhone(spelling, "49", out var phone));
        Assert.Equal("+49301234567", phone);
        Assert.False(AddressRules.TryPhone(spelling, "", out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("+49")]
    [InlineData("+0301234567")]
    [InlineData("+4930123456789012")]
    [InlineData("+49 30 1234567 ext. 12")]
    [InlineData("+49 30 1234567x12")]
    [InlineData("+49 30 1234567#12")]
    [InlineData("tel:+49301234567;ext=12")]
    [InlineData("+49 30 1234567,,12")]
    [InlineData("+49+301234567")]
    [InlineData("1-800-FLOWERS")]
    [InlineData("+49301234567\n+4930765432")]
    [InlineData("+49 30 12345'; DROP")]
    public void Extensions_letters_and_impossible_numbers_are_refused(string? text) => Assert.False(AddressRules.TryPhone(text, "", out _));

    [Theory]
    [InlineData("+210 123456789")]
    [InlineData("+999 123456789")]
    [InlineData("+1 555 300 00011")]
    [InlineData("+1 555 300 001")]
    public void A_number_that_no_plan_has_is_refused(string text) => Assert.False(AddressRules.TryPhone(text, "", out _));

    [Theory]
    [InlineData("(215) 555-0134", "1", "+12155550134")]
    [InlineData("1-215-555-0134", "1", "+12155550134")]
    [InlineData("8 (912) 345-67-89", "7", "+79123456789")]
    [InlineData("812 345 67 89", "7", "+78123456789")]
    [InlineData("06 30 123 4567", "36", "+36301234567")]
    [InlineData("06 1234 5678", "39", "+390612345678")]
    [InlineData("07700 900123", "44", "+447700900123")]
    public void What_is_dialled_first_at_home_is_the_countrys_own(string spelling, string countryCode, string expected)
    {
        Assert.True(AddressRules.TryPhone(spelling, countryCode, out var phone));
        Assert.Equal(expected, phone);
    }

    [Theory]
    [InlineData("+19005551234")]
    [InlineData("+449011234567")]
    [InlineData("+499001234567")]
    [InlineData("+979123456789")]
    [InlineData("+881612345678")]
    [InlineData("+80012345678")]
    public void A_number_whose_owner_is_paid_for_calls_is_not_texted(string phone) => Assert.False(PhonePlan.IsTexted(phone, [], []));

    [Fact]
    public void A_deployment_texts_the_countries_it_names_and_no_prefix_that_it_denies()
    {
        Assert.True(PhonePlan.IsTexted("+491701234567", ["49", "43"], []));
        Assert.False(PhonePlan.IsTexted("+12155550134", ["49", "43"], []));
        Assert.False(PhonePlan.IsTexted("+491701234567", [], ["+49170"]));
    }

    [Fact]
    public void A_very_long_text_is_refused() => Assert.False(AddressRules.TryPhone("+4930" + new string(' ', 100_000) + "1234567", "", out _));

    [Fact]
    public void An_email_address_has_one_spelling()
    {
        Assert.True(AddressRules.TryEmail(" Ada.Lovelace+sos@Example.ORG ", out var email));
        Assert.Equal("ada.lovelace+sos@example.org", email);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("@example.org")]
    [InlineData("ada@")]
    [InlineData("ada@localhost")]
    [InlineData("ada@@example.org")]
    [InlineData("ada@example..org")]
    [InlineData(".ada@example.org")]
    [InlineData("a..da@example.org")]
    [InlineData("ada@-example.org")]
    [InlineData("ada@example.org\r\nBcc: x@example.org")]
    [InlineData("ada lovelace@example.org")]
    [InlineData("ada@exämple.org")]
    public void What_is_no_email_address_is_refused(string? text) => Assert.False(AddressRules.TryEmail(text, out _));
}
