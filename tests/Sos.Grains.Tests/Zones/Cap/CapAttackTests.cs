using System.Diagnostics;
using System.Text;
using Sos.Grains.Zones.Cap;
using Sos.TestKit;

namespace Sos.Grains.Tests.Zones.Cap;

/// <summary>S-10: messages made to hurt. Each is refused by name or read as what it is; none costs more than 10 MB or 50 ms of a processor, and nothing is ever fetched.</summary>
public sealed class CapAttackTests
{
    private const long MostBytes = 10 << 20;
    private const int Tries = 100;
    private static readonly TimeSpan MostWork = TimeSpan.FromMilliseconds(50);
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);
    private static readonly string Sound = SampleWarnings.Text(Now);

    public static TheoryData<string, string, string> DocumentTypes => new()
    {
        { "billion laughs", """<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY l1 "&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;"><!ENTITY l2 "&l1;&l1;&l1;&l1;&l1;&l1;&l1;&l1;"><!ENTITY l9 "&l2;&l2;&l2;&l2;">]>""", "&l9;" },
        { "quadratic blow-up", $"""<!DOCTYPE a [<!ENTITY l "{new string('a', 50_000)}">]>""", string.Concat(Enumerable.Repeat("&l;", 10_000)) },
        { "external entity, a file", """<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>""", "&x;" },
        { "external entity, an address", """<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]>""", "&x;" },
        { "parameter entity", """<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]>""", "Flood" },
        { "external document type", """<!DOCTYPE alert SYSTEM "http://127.0.0.1:1/cap.dtd">""", "Flood" },
        { "public document type", """<!DOCTYPE alert PUBLIC "-//X//Y" "http://127.0.0.1:1/cap.dtd">""", "Flood" },
    };

    [Theory]
    [MemberData(nameof(DocumentTypes))]
    public void S10_no_document_type_is_looked_into(string attack, string type, string happening)
    {
        var text = Sound.Replace("?>", "?>" + type, StringComparison.Ordinal).Replace("Flood", happening, StringComparison.Ordinal);
        Refused(attack, Encoding.UTF8.GetBytes(text), "document-type");
    }

    [Fact]
    public void S10_entities_that_nobody_declares_are_no_xml() => Refused("undeclared", Encoding.UTF8.GetBytes(Sound.Replace("Flood", "&x;", StringComparison.Ordinal)), "not-xml");

    [Theory]
    [InlineData("xmlns:xi=\"http://www.w3.org/2001/XInclude\"", "<xi:include href=\"file:///etc/passwd\" parse=\"text\"/>")]
    [InlineData("xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:oasis:names:tc:emergency:cap:1.2 http://127.0.0.1:1/evil.xsd\"", "")]
    [InlineData("xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"file:///etc/passwd\"", "")]
    [InlineData("xml:base=\"http://127.0.0.1:1/\"", "<?xml-stylesheet type=\"text/xsl\" href=\"http://127.0.0.1:1/evil.xsl\"?><?php echo 1 ?>")]
    [InlineData("", "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:Object><alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><status>Test</status><event>Wrapped</event></alert></ds:Object></ds:Signature>")]
    [InlineData("", "<x:info xmlns:x=\"urn:x\"><event>Wrapped</event><category>Met</category></x:info>")]
    public void S10_what_points_elsewhere_or_wraps_another_message_is_passed_over(string attributes, string inside)
    {
        var text = Sound.Replace("<alert ", $"<alert {attributes} ", StringComparison.Ordinal).Replace("<info>", inside + "<info>", StringComparison.Ordinal);
        var reading = Measured(attributes + inside, Encoding.UTF8.GetBytes(text));
        Assert.Equal((CapStatus.Actual, "Flood"), (reading.Message!.Status, Assert.Single(reading.Message.Infos).Event));
    }

    [Fact]
    public void S10_depth_elements_attributes_and_bytes_are_counted()
    {
        Refused("deep", Inside(string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000))), "too-deep");
        Refused("deep and never closed", Inside(string.Concat(Enumerable.Repeat("<a>", 300_000))), "too-deep");
        Refused("wide", Inside(string.Concat(Enumerable.Repeat("<category/>", 50_000))), "too-many-elements");
        Refused("many attributes", Inside($"<a {string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a{i}=\"\" "))}/>"), "too-many-attributes");
        Refused("the same attribute twice", Inside("<a b=\"\" b=\"\"/>"), "not-xml");
        Refused("a long attribute", Inside($"<a b=\"{new string('x', 500_000)}\"/>"), "long-attribute");
        Refused("many namespaces", Inside($"<a {string.Concat(Enumerable.Range(0, 10_000).Select(i => $"xmlns:a{i}=\"urn:{i}\" "))}/>"), "too-many-attributes");
        Refused("a long name", Inside($"<{new string('n', 900_000)}"), "not-xml");
        Refused("100 MB", new byte[100_000_000], "too-large");
    }

    [Fact]
    public void S10_text_as_long_as_the_message_may_be_is_not_kept()
    {
        var reading = Measured("a picture", Inside($"<resource><resourceDesc>x</resourceDesc><derefUri>{new string('A', 900_000)}</derefUri></resource>"));
        Assert.Equal("Flood", Assert.Single(reading.Message!.Infos).Event);
    }

    [Fact]
    public void S10_a_polygon_made_to_be_slow_is_refused_by_name()
    {
        var random = new Random(10);
        string Points(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => FormattableString.Invariant($"{random.NextDouble():F4},{random.NextDouble():F4}")));
        Assert.Equal("self-intersecting", Assert.Single(Measured("5,000 points that cross", Drawn($"<polygon>{Points(4_900)}</polygon>")).Faults).Code);
        Assert.Equal("too-many-points", Measured("60,000 points", Drawn($"<polygon>{Points(60_000)}</polygon>")).Faults.Single().Code);
        Assert.Equal("too-many-points", Measured("60,000 points in pieces", Drawn($"<polygon>{string.Join("<!-- -->", Enumerable.Range(0, 60).Select(_ => Points(1_000) + " "))}</polygon>")).Faults.Single().Code);
        Assert.Equal("too-many-points", Measured("45,000 points that cross", Drawn($"<polygon>{Points(45_000)}</polygon>")).Faults.Single().Code);
        var spikes = string.Join(' ', Enumerable.Range(0, 40_000).Select(i => FormattableString.Invariant($"{48 + (1 - i % 2 * 0.3) * Math.Sin(i * Math.Tau / 40_000):F6},{16 + (1 - i % 2 * 0.3) * Math.Cos(i * Math.Tau / 40_000):F6}")));
        Assert.Equal("too-many-points", Measured("40,000 spikes", Drawn($"<polygon>{spikes}</polygon>")).Faults.Single().Code);
        var circles = Measured("1,000 circles", Drawn(string.Concat(Enumerable.Repeat("<circle>1,1 1</circle>", 1_000))));
        Assert.Equal((200, 50, "too-many-shapes"), (circles.Message!.Infos[0].Areas[0].Shapes.Length, circles.Faults.Length, circles.Faults[0].Code));
    }

    [Fact]
    public void S10_encodings_are_what_they_say_or_refused()
    {
        Assert.NotNull(Measured("UTF-8 with its mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Sound)]).Message);
        Assert.NotNull(Measured("UTF-16, little end first", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Sound.Replace("UTF-8", "UTF-16", StringComparison.Ordinal))]).Message);
        Assert.NotNull(Measured("UTF-16, big end first", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Sound)]).Message);
        var latin = Measured("eight bits", Encoding.Latin1.GetBytes(Sound.Replace("UTF-8", "ISO-8859-1", StringComparison.Ordinal).Replace("Flood", "Überflutung", StringComparison.Ordinal)));
        Assert.Equal("Überflutung", latin.Message!.Infos[0].Event);

        Refused("eight bits that say UTF-8", Encoding.Latin1.GetBytes(Sound.Replace("Flood", "Überflutung", StringComparison.Ordinal)), "bad-encoding");
        Refused("UTF-16 without a mark", Encoding.Unicode.GetBytes(Sound), "bad-encoding");
        Refused("UTF-32", [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(Sound)], "not-xml");
        Refused("UTF-7", Encoding.ASCII.GetBytes(Sound.Replace("UTF-8", "UTF-7", StringComparison.Ordinal).Replace("<event>", "+ADw-event+AD4-", StringComparison.Ordinal)), "bad-encoding");
        Refused("EBCDIC", Encoding.UTF8.GetBytes(Sound.Replace("UTF-8", "IBM037", StringComparison.Ordinal)), "bad-encoding");
        Refused("half a letter", [.. Encoding.UTF8.GetBytes(Sound), 0xC3], "bad-encoding");
        Refused("overlong", Encoding.UTF8.GetBytes(Sound).Concat(new byte[] { 0xC0, 0xBC }).ToArray(), "bad-encoding");
        Refused("a zero", Encoding.UTF8.GetBytes(Sound.Replace("Flood", "Fl\0od", StringComparison.Ordinal)), "not-xml");
        Refused("an escaped zero", Encoding.UTF8.GetBytes(Sound.Replace("Flood", "Fl&#0;od", StringComparison.Ordinal)), "not-xml");
    }

    [Fact]
    public void S10_a_message_that_is_cut_off_anywhere_is_refused()
    {
        var whole = Encoding.UTF8.GetBytes(Sound);
        for (var length = 0; length < whole.Length; length += 7)
        {
            if (whole.AsSpan(length).IndexOfAnyExcept((byte)' ', (byte)'\n') < 0) continue;
            Assert.Null(CapReader.Read(whole.AsSpan(0, length), new CapLimits()).Message);
        }

        Refused("two messages", Encoding.UTF8.GetBytes(Sound + Sound[(Sound.IndexOf("?>", StringComparison.Ordinal) + 2)..]), "not-xml");
        Refused("nothing", [], "not-xml");
    }

    [Fact]
    public void S08_whatever_a_message_is_spoilt_with_it_is_read_or_refused()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        string[] pieces = ["<", ">", "</alert>", "&#x41;", "&amp;", "]]>", "<![CDATA[", "<!--", "-->", "<?x ?>", "\0", "\uFFFE", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "NaN,1e308", "-90,-180 90,180 -90,180", " ,, ", "<info/>", "<area/>", "<polygon>", "Infinity", "１"];
        for (var i = 0; i < 3_000; i++)
        {
            var text = Sound;
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                var at = random.Next(text.Length);
                text = random.Next(3) switch
                {
                    0 => text[..at] + pieces[random.Next(pieces.Length)] + text[at..],
                    1 => text[..at] + text[Math.Min(text.Length, at + random.Next(1, 40))..],
                    _ => text[..at] + text[random.Next(at + 1)..],
                };
            }

            try
            {
                var reading = CapReader.Read(Encoding.UTF8.GetBytes(text), new CapLimits());
                Assert.True(reading.Message is not null || reading.Faults.Length == 1);
                CapRules.Decide(reading, "a test", Now, new CapOptions());
            }
            catch (Exception trouble) when (trouble is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, message {i}: {trouble}\n{text}");
            }
        }
    }

    private static byte[] Inside(string text) => Encoding.UTF8.GetBytes(Sound.Replace("<info>", text + "<info>", StringComparison.Ordinal));

    private static byte[] Drawn(string area) => Encoding.UTF8.GetBytes(SampleWarnings.Text(Now, area: area));

    private static void Refused(string attack, byte[] bytes, string code)
    {
        var reading = Measured(attack, bytes);
        Assert.True(reading.Message is null && reading.Faults[0].Code == code, $"{attack}: {reading.Faults.FirstOrDefault()?.Code}, not {code}");
    }

    // The first call is the compiler's. The clock counts whatever else had the processor, the process whatever its other threads did: the less of the two is never less than the work of this call, and of
    // several calls the least is the nearest to it.
    private static CapReading Measured(string attack, byte[] bytes)
    {
        var (reading, least) = (CapReader.Read(bytes, new CapLimits()), TimeSpan.MaxValue);
        for (var i = 0; i < Tries && least > MostWork; i++)
        {
            var (began, worked, allocated) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            reading = CapReader.Read(bytes, new CapLimits());
            var cost = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(cost <= MostBytes, $"{attack} costs {cost:N0} bytes");
            foreach (var time in new[] { Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - worked })
            {
                if (time < least) least = time;
            }
        }

        Assert.True(least <= MostWork, $"{attack} takes {least.TotalMilliseconds:N0} ms");
        return reading;
    }
}
