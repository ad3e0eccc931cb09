using System.Text;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Zones.Cap;

namespace Sos.Grains.Tests.Zones.Cap;

public sealed class CapFeedTests
{
    private static readonly Uri At = new("https://alerts.example.org/feeds/all.xml");
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Entries_of_Atom_are_their_links_on_the_same_host_and_a_new_version_has_another_mark()
    {
        const string Feed = """
            <feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><title>x</title><updated>2026-11-21T22:00:00Z</updated><link rel="self" href="https://alerts.example.org/feeds/all.xml"/>
            <entry><id>1</id><updated>2026-11-21T21:00:00Z</updated><title>Flood</title><link href="/a/1.html" type="text/html"/><link href="/a/1.cap" type="application/cap+xml"/><cap:event>Flood</cap:event></entry>
            <entry><link rel="alternate" href="2.cap"/><updated><b>no</b>time</updated></entry>
            <entry><link href="https://elsewhere.example.org/3.cap"/></entry>
            <entry><link href="http://alerts.example.org/4.cap"/></entry>
            <entry><link href="https://alerts.example.org:8443/5.cap"/></entry>
            <entry><link href="https://user@alerts.example.org/6.cap"/></entry>
            <entry><link href="file:///etc/passwd"/></entry><entry><title>nothing</title></entry></feed>
            """;
        Assert.True(Read(Feed, out var entries));
        Assert.Equal(["https://alerts.example.org/a/1.cap", "https://alerts.example.org/feeds/2.cap"], entries.Select(entry => entry.Address.ToString()));
        Assert.True(Read(Feed.Replace("21:00:00Z", "21:30:00Z", StringComparison.Ordinal), out var later));
        Assert.NotEqual(entries[0].Mark, later[0].Mark);
        Assert.Equal(entries[1], later[1]);
    }

    [Fact]
    public void Items_of_RSS_are_their_links()
    {
        Assert.True(Read("""<?xml version="1.0"?><rss version="2.0"><channel><link>https://alerts.example.org/</link><item><title>Flood</title><link> https://alerts.example.org/1.cap </link><pubDate>Sat, 21 Nov 2026 22:00:00 GMT</pubDate></item><item><link><![CDATA[/2.cap]]></link></item></channel></rss>""", out var entries));
        Assert.Equal(["https://alerts.example.org/1.cap", "https://alerts.example.org/2.cap"], entries.Select(entry => entry.Address.ToString()));
    }

    [Fact]
    public void A_feed_without_entries_is_no_message()
    {
        Assert.True(Read("<feed xmlns='http://www.w3.org/2005/Atom'/>", out var none));
        Assert.Empty(none);
        Assert.True(Read("<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>", out var message));
        Assert.Null(message);
    }

    [Theory]
    [InlineData("<html/>")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("<feed xmlns='urn:other'/>")]
    [InlineData("<!DOCTYPE feed [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><feed xmlns='http://www.w3.org/2005/Atom'/>")]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'><entry>")]
    public void S10_what_is_neither_feed_nor_message_is_refused(string text) => Assert.False(Read(text, out _));

    [Fact]
    public void S10_a_feed_is_bounded_as_a_message_is()
    {
        Assert.False(Read("<feed xmlns='http://www.w3.org/2005/Atom'>" + string.Concat(Enumerable.Repeat("<a>", 1_000)), out _));
        Assert.False(Read($"<feed xmlns='http://www.w3.org/2005/Atom'>{string.Concat(Enumerable.Repeat("<a/>", 200_000))}</feed>", out _));
        Assert.True(Read($"<feed xmlns='http://www.w3.org/2005/Atom'>{string.Concat(Enumerable.Repeat("<entry><link href='/a'/></entry>", 5_000))}</feed>", out var entries));
        Assert.Equal(CapFeedReader.MostEntries, entries.Count);
    }

    [Fact]
    public void After_each_failure_it_waits_twice_as_long_and_is_well_again_at_once()
    {
        var (state, every) = (new CapFeedState { ETag = "\"1\"" }, TimeSpan.FromMinutes(2));
        foreach (var minutes in new[] { 4, 8, 16, 32, 64, 128, 256, 360, 360 })
        {
            CapFeedRules.Settle(state, new CapFeedRound("http-503", null, null, null, 0, 0, 0, false), every, Now);
            Assert.Equal(Now.AddMinutes(minutes), state.NextAt);
        }

        Assert.Equal((9, "http-503", "\"1\""), (state.Failures, state.Fault, state.ETag));
        CapFeedRules.Settle(state, new CapFeedRound(null, "\"2\"", null, [], 3, 2, 1, false), every, Now);
        Assert.Equal((0, null, "\"2\"", Now.AddMinutes(2), 3L), (state.Failures, state.Fault, state.ETag, state.NextAt, state.Taken));
        CapFeedRules.Settle(state, new CapFeedRound(null, null, null, null, 0, 0, 0, true), every, Now);
        Assert.Equal((null, Now), (state.ETag, state.NextAt));
        Assert.Equal(TimeSpan.FromDays(1), CapFeedRules.Pause(TimeSpan.FromDays(1), 3));
        Assert.Equal([1L, -2L], CapFeedRules.Unpack(CapFeedRules.Pack([1L, -2L])).Order().Reverse());
    }

    [Theory]
    [InlineData("warnings", "https://alerts.example.org/", "00:02:00", true)]
    [InlineData("Warnings", "https://alerts.example.org/", "00:02:00", false)]
    [InlineData("", "https://alerts.example.org/", "00:02:00", false)]
    [InlineData("warnings", "http://alerts.example.org/", "00:02:00", false)]
    [InlineData("warnings", "https://user:secret@alerts.example.org/", "00:02:00", false)]
    [InlineData("warnings", "/feed", "00:02:00", false)]
    [InlineData("warnings", "https://alerts.example.org/", "00:00:10", false)]
    public void A_feed_is_https_has_a_plain_name_and_is_not_asked_all_the_time(string name, string url, string every, bool works) =>
        Assert.Equal(works, CapFeedOptions.Fault(new CapOptions { Feeds = [new CapFeedOptions { Name = name, Url = new Uri(url, UriKind.RelativeOrAbsolute), Every = TimeSpan.Parse(every, null) }] }) is null);

    private static bool Read(string text, out List<CapFeedEntry> entries)
    {
        var isRead = CapFeedReader.TryRead(Encoding.UTF8.GetBytes(text), At, out var found);
        entries = found!;
        return isRead;
    }
}
