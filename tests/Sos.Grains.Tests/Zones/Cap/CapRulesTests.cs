using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Zones.Cap;
using Sos.TestKit;

namespace Sos.Grains.Tests.Zones.Cap;

public sealed class CapRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Exercise", "Public", "Alert", "exercise")]
    [InlineData("Test", "Public", "Alert", "test")]
    [InlineData("System", "Public", "Alert", "system")]
    [InlineData("Draft", "Public", "Alert", "draft")]
    [InlineData("Actual", "Restricted", "Alert", "restricted")]
    [InlineData("Actual", "Private", "Alert", "private")]
    [InlineData("Actual", "Public", "Ack", "ack")]
    [InlineData("Actual", "Public", "Error", "error")]
    [InlineData("Test", "Public", "Cancel", "test")]
    public void S10_only_what_is_actual_and_public_does_anything(string status, string scope, string type, string reason)
    {
        var decision = Decide(SampleWarnings.Text(Now, type: type, status: status, scope: scope, references: SampleWarnings.Reference(Now.AddHours(-1), "A0")));
        Assert.Null(decision.Warning);
        Assert.Equal(reason, decision.Ignored);
    }

    [Fact]
    public void S10_what_is_old_cannot_be_sent_again_and_what_is_over_is_no_zone()
    {
        Assert.Equal("too-old", Decide(SampleWarnings.Text(Now.AddDays(-31), life: TimeSpan.FromDays(300))).Ignored);
        Assert.Equal("sent-in-future", Decide(SampleWarnings.Text(Now.AddHours(25))).Ignored);
        var over = Decide(SampleWarnings.Text(Now.AddHours(-7))).Warning!;
        Assert.Empty(over.Zones);
        Assert.Equal("expired", Assert.Single(over.Faults).Code);
    }

    [Fact]
    public void A_warning_is_zones_that_begin_and_end()
    {
        var warning = Decide(SampleWarnings.Text(Now).Replace("<expires>", $"<onset>{SampleWarnings.Time(Now.AddHours(1))}</onset><expires>", StringComparison.Ordinal)).Warning!;
        var zone = Assert.Single(warning.Zones).Draft;
        Assert.Equal(("Flood: The docks", "met", 4, ZoneSource.Cap), (zone.Name, zone.Kind, zone.Risk, zone.Source));
        Assert.Equal((Now.AddHours(1), Now.AddHours(6)), (zone.Begins, zone.Expires));
        Assert.Equal(zone.Expires, warning.Expires);
    }

    [Fact]
    public void A_warning_that_does_not_end_ends_a_day_after_it_was_sent_and_none_lasts_for_ever()
    {
        var text = SampleWarnings.Text(Now.AddHours(-1));
        var endless = text.Remove(text.IndexOf("<expires>", StringComparison.Ordinal), text.IndexOf("</expires>", StringComparison.Ordinal) + 10 - text.IndexOf("<expires>", StringComparison.Ordinal));
        Assert.Equal(Now.AddHours(23), Decide(endless).Warning!.Zones[0].Draft.Expires);
        Assert.Equal(Now.AddDays(30), Decide(SampleWarnings.Text(Now, life: TimeSpan.FromDays(3_000))).Warning!.Zones[0].Draft.Expires);
    }

    [Fact]
    public void The_same_place_in_another_language_is_the_same_zone()
    {
        var text = SampleWarnings.Text(Now);
        var info = text[text.IndexOf("<info>", StringComparison.Ordinal)..text.IndexOf("</alert>", StringComparison.Ordinal)];
        var twice = text.Replace("</alert>", info.Replace("Flood", "Hochwasser", StringComparison.Ordinal).Replace("Severe", "Extreme", StringComparison.Ordinal) + "</alert>", StringComparison.Ordinal);
        var zone = Assert.Single(Decide(twice).Warning!.Zones).Draft;
        Assert.Equal(("Flood: The docks", 5), (zone.Name, zone.Risk));
    }

    [Fact]
    public void Only_its_own_sender_ends_a_warning_and_only_one_that_came_before()
    {
        string[] references =
        [
            SampleWarnings.Reference(Now.AddHours(-1), "A0"), SampleWarnings.Reference(Now.AddHours(-1), "B0", "other@example.org"), SampleWarnings.Reference(Now.AddHours(1), "A9"), SampleWarnings.Reference(Now, "A1"),
        ];
        var warning = Decide(SampleWarnings.Text(Now, type: "Cancel", references: string.Join(' ', references), area: null)).Warning!;
        Assert.Equal("A0", Assert.Single(warning.References).Identifier);
        Assert.Equal(["foreign-reference", "later-reference"], warning.Faults.Select(fault => fault.Code));
        Assert.Equal("no-references", Assert.Single(Decide(SampleWarnings.Text(Now, type: "Update")).Warning!.Faults).Code);
        Assert.Empty(Decide(SampleWarnings.Text(Now, type: "Alert", references: references[0])).Warning!.References);
    }

    [Fact]
    public void The_all_clear_makes_no_zone_however_it_draws_it()
    {
        var clear = SampleWarnings.Text(Now).Replace("<urgency>", "<responseType>AllClear</responseType><urgency>", StringComparison.Ordinal);
        Assert.Empty(Decide(clear).Warning!.Zones);
        Assert.Empty(Decide(SampleWarnings.Text(Now).Replace("Immediate", "Past", StringComparison.Ordinal)).Warning!.Zones);
    }

    [Theory]
    [InlineData("Immediate", "Extreme", "Observed", 5)]
    [InlineData("Expected", "Severe", "Likely", 4)]
    [InlineData("Future", "Severe", "Likely", 3)]
    [InlineData("Immediate", "Moderate", "Possible", 2)]
    [InlineData("Immediate", "Minor", "Observed", 2)]
    [InlineData("Future", "Minor", "Unlikely", 1)]
    [InlineData("Unknown", "Unknown", "Unknown", 3)]
    [InlineData("Past", "Extreme", "Observed", 0)]
    public void Risk_follows_the_table(string urgency, string severity, string certainty, int risk) =>
        Assert.Equal(risk, CapRiskRules.Risk(Enum.Parse<CapUrgency>(urgency), Enum.Parse<CapSeverity>(severity), Enum.Parse<CapCertainty>(certainty)));

    [Fact]
    public void Keys_are_the_same_each_time_differ_by_each_part_and_are_in_the_order_of_time()
    {
        var name = new CapReference("a", "b", Now);
        Assert.Equal(CapKeys.Of(name), CapKeys.Of(new CapReference("a", "b", Now.ToOffset(TimeSpan.FromHours(1)))));
        Assert.Equal(6, new[] { CapKeys.Of(name), CapKeys.Of(name with { Sender = "ab" }), CapKeys.Of(name with { Identifier = "c" }), CapKeys.Of(name with { Sent = Now.AddSeconds(1) }), CapKeys.Zone(name, 0), CapKeys.Zone(name, 1) }.Distinct().Count());
        Assert.True(CapKeys.Of(name).CompareTo(CapKeys.Of(name with { Sent = Now.AddSeconds(1) })) < 0);
        Assert.Equal(7, CapKeys.Of(name).Version);
    }

    private static CapDecision Decide(string text) => CapRules.Decide(CapReader.Read(SampleWarnings.Bytes(text), new CapLimits()), "a test", Now, new CapOptions());
}
