using System.Text;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Server.Alerts;

namespace Sos.Server.Tests.Alerts;

/// <summary>What becomes of the body of a press, whatever it is.</summary>
public sealed class PressReaderTests
{
    private const string Id = "01936b5e-7c00-7abc-8def-0123456789ab";
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly GeoPoint Norristown = new(40.1215, -75.3399);

    [Fact]
    public void A_whole_press_is_read_without_a_warning()
    {
        var press = Read($$"""
            {"id":"{{Id}}","kind":"medical","position":{"latitude":40.1215,"longitude":-75.3399,"accuracy":12.5,"at":"2026-11-20T11:59:50Z"},
             "note":"third floor","silent":true,"holdSeconds":5,"pressedAt":"2026-11-20T11:59:58Z"}
            """);

        Assert.Equal(Guid.Parse(Id), press.Id);
        Assert.Equal(AlertKind.Medical, press.Kind);
        Assert.Equal(new PositionFix(Norristown, Distance.FromMetres(12.5), Now.AddSeconds(-10)), press.Position);
        Assert.Equal("third floor", press.Note);
        Assert.True(press.Silent);
        Assert.Equal(Now.AddSeconds(3), press.HoldUntil);
        Assert.Equal(Now.AddSeconds(-2), press.PressedAt);
        Assert.Equal(PressWarnings.None, press.Warnings);
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("", "body-missing")]
    [InlineData("  \r\n ", "body-missing")]
    [InlineData("null", "body-unreadable")]
    [InlineData("42", "body-truncated")]
    [InlineData("42 ", "body-unreadable")]
    [InlineData("\"sos\"", "body-unreadable")]
    [InlineData("[]", "body-unreadable")]
    [InlineData("[{\"kind\":\"fire\"}]", "body-unreadable")]
    [InlineData("kind=medical&latitude=40", "body-unreadable")]
    [InlineData("<sos kind='fire'/>", "body-unreadable")]
    [InlineData("--boundary\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nfire\r\n--boundary--", "body-unreadable")]
    [InlineData("}", "body-unreadable")]
    [InlineData("{", "body-truncated")]
    [InlineData("\0\0\0\0", "body-unreadable")]
    [InlineData("{\"surprise\":1}", "unknown-members")]
    [InlineData("{\"surprise\":{\"deep\":[1,{\"er\":null}]}}", "unknown-members")]
    [InlineData("{\"a-name-that-is-longer-than-any-member-of-a-press\":1}", "unknown-members")]
    [InlineData("{\"id\":\"not-a-uuid\"}", "id-unreadable")]
    [InlineData("{\"id\":17}", "id-unreadable")]
    [InlineData("{\"id\":{\"$oid\":\"1\"}}", "id-unreadable")]
    [InlineData("{\"id\":\"00000000-0000-0000-0000-000000000000\"}", "id-unreadable")]
    [InlineData("{\"kind\":\"zombies\"}", "kind-unreadable")]
    [InlineData("{\"kind\":2}", "kind-unreadable")]
    [InlineData("{\"kind\":\"2\"}", "kind-unreadable")]
    [InlineData("{\"kind\":\"\"}", "kind-unreadable")]
    [InlineData("{\"kind\":[\"fire\"]}", "kind-unreadable")]
    [InlineData("{\"position\":null}", "")]
    [InlineData("{\"position\":\"40.1,-75.3\"}", "position-unreadable")]
    [InlineData("{\"position\":[-75.3,40.1]}", "position-unreadable")]
    [InlineData("{\"position\":{}}", "position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":40.1}}", "position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":null,\"longitude\":-75.3}}", "position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":true,\"longitude\":-75.3}}", "position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":{\"deg\":40},\"longitude\":[-75.3]}}", "position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":\"north\",\"longitude\":-75.3}}", "position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":\"NaN\",\"longitude\":-75.3}}", "position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":\"Infinity\",\"longitude\":-75.3}}", "position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":1e400,\"longitude\":-75.3}}", "position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":NaN,\"longitude\":-75.3}}", "body-damaged position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":40.1,\"longitude\":-Infinity}}", "body-damaged position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":-75.3,\"longitude\":400.1}}", "position-impossible")]
    [InlineData("{\"position\":{\"latitude\":-120.7,\"longitude\":38.1}}", "position-impossible")]
    [InlineData("{\"position\":{\"latitude\":90.0001,\"longitude\":0}}", "position-impossible")]
    [InlineData("{\"position\":{\"latitude\":0,\"longitude\":180.0001}}", "position-impossible")]
    [InlineData("{\"position\":{\"latitude\":9223372036854775808,\"longitude\":0}}", "position-impossible")]
    [InlineData("{\"position\":{\"latitude\":40.1,\"longitude\":-75.3", "body-truncated position-unreadable")]
    [InlineData("{\"note\":{\"text\":\"help\"}}", "note-unreadable")]
    [InlineData("{\"note\":true}", "note-unreadable")]
    [InlineData("{\"silent\":{}}", "silent-unreadable")]
    [InlineData("{\"silent\":\"perhaps\"}", "silent-unreadable")]
    [InlineData("{\"holdSeconds\":\"five\"}", "hold-unreadable")]
    [InlineData("{\"holdSeconds\":[5]}", "hold-unreadable")]
    [InlineData("{\"holdSeconds\":-1}", "hold-clamped")]
    [InlineData("{\"pressedAt\":\"yesterday\"}", "pressed-at-unreadable")]
    [InlineData("{\"pressedAt\":{}}", "pressed-at-unreadable")]
    [InlineData("{\"pressedAt\":-5}", "pressed-at-unreadable")]
    [InlineData("{\"pressedAt\":1e300}", "pressed-at-unreadable")]
    [InlineData("{\"pressedAt\":\"9999-12-31T23:59:59Z\"}", "clock-corrected")]
    [InlineData("{\"pressedAt\":\"0001-01-01T00:00:00+14:00\"}", "pressed-at-unreadable")]
    [InlineData("{\"kind\":\"fire\",}", "")]
    [InlineData("{/* help */\"kind\":\"fire\"}", "")]
    [InlineData("{\"kind\":\"fire\"} trailing", "")]
    [InlineData("{\"note\":\"\\ud800\"}", "note-repaired")]
    [InlineData("{\"note\":\"line\nbreak\"}", "body-damaged")]
    [InlineData("{\"note\":\"back\\slash\"}", "body-damaged")]
    public void What_cannot_be_read_is_a_warning_never_a_refusal(string body, string warnings)
    {
        var press = Read(body);
        Assert.Equal(warnings, string.Join(' ', PressWords.Of(press.Warnings)));
        Assert.InRange(press.PressedAt, Now - Press.OldestPress, Now);
    }

    [Theory]
    [InlineData("{\"position\":{\"latitude\":NaN,\"longitude\":0},\"id\":\"" + Id + "\",\"note\":\"behind\"}")]
    [InlineData("{\"surprise\":undefined,\"id\":\"" + Id + "\",\"note\":\"behind\"}")]
    [InlineData("{\"surprise\":True,\"id\":\"" + Id + "\",\"note\":\"behind\"}")]
    [InlineData("{\"surprise\":007,\"id\":\"" + Id + "\",\"note\":\"behind\"}")]
    [InlineData("{\"surprise\":\"a\\qb\",\"id\":\"" + Id + "\",\"note\":\"behind\"}")]
    [InlineData("{\"surprise\":\"a\tb\",\"id\":\"" + Id + "\",\"note\":\"behind\"}")]
    [InlineData("{\"surprise\":\"\\u12\",\"id\":\"" + Id + "\",\"note\":\"behind\"}")]
    [InlineData("{\"ID\":\"" + Id + "\",\"Note\":\"behind\"}")]
    [InlineData("{\"id\":\"{" + Id + "}\",\"note\":\"behind\"}")]
    [InlineData("{\"id\":\"\\u0030" + "1936b5e-7c00-7abc-8def-0123456789ab\",\"note\":\"behind\"}")]
    [InlineData("{\"id\":\"" + Id + "\",\"note\":\"behind\",\"kind\":\"fi")]
    [InlineData("{\"id\":\"" + Id + "\",\"note\":\"behind\",\"surprise\":[[[[")]
    [InlineData("{\"id\":\"" + Id + "\",\"note\":\"behind\"]]]")]
    public void One_defect_does_not_cost_what_stands_beside_it(string body)
    {
        var press = Read(body);
        Assert.Equal(Guid.Parse(Id), press.Id);
        Assert.Equal("behind", press.Note);
    }

    [Theory]
    [InlineData("{\"position\":{\"latitude\":\"40.1215\",\"longitude\":\"-75.3399\"}}", "number-as-text")]
    [InlineData("{\"position\":{\"latitude\":40.1215,\"longitude\":-75.3399,\"accuracy\":-3}}", "accuracy-unreadable")]
    [InlineData("{\"position\":{\"latitude\":40.1215,\"longitude\":-75.3399,\"accuracy\":\"good\"}}", "accuracy-unreadable")]
    [InlineData("{\"position\":{\"latitude\":40.1215,\"longitude\":-75.3399,\"accuracy\":NaN}}", "body-damaged")]
    [InlineData("{\"position\":{\"latitude\":40.1215,\"longitude\":-75.3399,\"altitude\":[80],\"speed\":{\"kmh\":3}}}", "unknown-members")]
    [InlineData("{\"position\":{\"latitude\":40.1215,\"longitude\":-75.3399,\"at\":\"noonish\"}}", "position-time-corrected")]
    [InlineData("{\"position\":{\"latitude\":40.1215,\"longitude\":-75.3399,\"at\":1795176000}}", "")]
    [InlineData("{\"position\":{\"latitude\":1,\"longitude\":2},\"position\":{\"latitude\":40.1215,\"longitude\":-75.3399}}", "duplicate-members")]
    [InlineData("{\"position\":{\"latitude\":40.1215,\"longitude\":-75.3399},\"position\":\"here\"}", "duplicate-members position-unreadable")]
    [InlineData("{\"position\":{\"latitude\":+40.1215,\"longitude\":-75.3399}}", "body-damaged")]
    public void A_position_with_defects_around_it_is_still_a_position(string body, string warnings)
    {
        var press = Read(body);
        Assert.Equal(Norristown, press.Position!.Point);
        Assert.Equal(Now, press.Position.At);
        Assert.Equal(warnings, string.Join(' ', PressWords.Of(press.Warnings)));
    }

    [Theory]
    [InlineData("2026-11-20T13:00:00Z", 0, "clock-corrected")] // an hour ahead
    [InlineData("2026-11-20T12:00:03Z", 0, "")] // clocks differ by seconds
    [InlineData("2026-11-20T11:00:00Z", -3600, "")] // an hour in the outbox, or an hour behind: told apart by nobody
    [InlineData("2026-11-20T13:59:00+02:00", -60, "")]
    [InlineData("2026-11-20T11:59:00", -60, "")] // without a zone: UTC
    [InlineData("2026-11-19T11:59:59Z", 0, "clock-corrected")] // older than any outbox
    [InlineData("1970-01-01T00:00:00Z", 0, "clock-corrected")]
    public void A_wrong_clock_is_corrected(string pressedAt, int seconds, string warnings)
    {
        var press = Read($$"""{"pressedAt":"{{pressedAt}}"}""");
        Assert.Equal(Now.AddSeconds(seconds), press.PressedAt);
        Assert.Equal(warnings, string.Join(' ', PressWords.Of(press.Warnings)));
    }

    [Fact]
    public void The_time_of_a_position_is_put_back_with_the_clock_that_told_it()
    {
        var press = Read("""
            {"pressedAt":"2026-11-20T13:00:00Z","position":{"latitude":40.1215,"longitude":-75.3399,"at":"2026-11-20T12:59:30Z"}}
            """);
        Assert.Equal(Now.AddSeconds(-30), press.Position!.At);
        Assert.False(press.Position.LastKnown);
    }

    [Fact]
    public void An_old_position_is_used_and_marked()
    {
        var press = Read("""{"position":{"latitude":40.1215,"longitude":-75.3399,"at":"2026-11-20T11:00:00Z"}}""");
        Assert.True(press.Position!.LastKnown);
        Assert.Equal(Now.AddHours(-1), press.Position.At);
        Assert.Equal(PressWarnings.PositionStale, press.Warnings);
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("\"7.5\"", 7.5)]
    [InlineData("1e9", 10)]
    public void The_countdown_is_at_most_ten_seconds(string hold, double seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), Read($$"""{"holdSeconds":{{hold}}}""").HoldUntil);

    [Fact]
    public void A_countdown_that_ran_out_on_the_way_is_none() =>
        Assert.Null(Read("""{"holdSeconds":5,"pressedAt":"2026-11-20T11:59:00Z"}""").HoldUntil);

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"YES\"", true)]
    [InlineData("1", true)]
    [InlineData("\"perhaps\"", true)] // in doubt the phone stays quiet
    [InlineData("false", false)]
    [InlineData("\"0\"", false)]
    [InlineData("null", false)]
    public void Silence_is_kept_in_doubt(string value, bool silent) => Assert.Equal(silent, Read($$"""{"silent":{{value}}}""").Silent);

    [Fact]
    public void A_note_is_cut_between_characters()
    {
        var press = Read($$"""{"note":"{{new string('a', Press.MaxNote - 1)}}😀 and more"}""");
        Assert.Equal(new string('a', Press.MaxNote - 1), press.Note);
        Assert.Equal(PressWarnings.NoteCut, press.Warnings);
    }

    [Theory]
    [InlineData("\\ud83d\\ude00 \\u00e9\\n\\\"\\/", "😀 é\n\"/", false)]
    [InlineData("a\\ud800b", "a\uFFFDb", true)]
    [InlineData("\\ude00\\ud83d", "\uFFFD\uFFFD", true)]
    public void Escapes_are_read_and_half_characters_replaced(string escaped, string text, bool repaired)
    {
        var press = Read($$"""{"note":"{{escaped}}"}""");
        Assert.Equal(text, press.Note);
        Assert.Equal(repaired, press.Warnings == PressWarnings.NoteRepaired);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_replaced()
    {
        var press = PressReader.Read([.. "{\"note\":\"a"u8, 0xC3, 0x28, 0xFF, .. "b\"}"u8], Now);
        Assert.Equal("a\uFFFD(\uFFFDb", press.Note);
        Assert.Equal(PressWarnings.NoteRepaired, press.Warnings);
    }

    [Fact]
    public void Other_encodings_are_read()
    {
        var text = $$"""{"id":"{{Id}}","note":"é😀"}""";
        byte[][] bodies =
        [
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            Encoding.Unicode.GetBytes(text),
            [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)],
            Encoding.BigEndianUnicode.GetBytes(text),
        ];
        Assert.All(bodies, body =>
        {
            var press = PressReader.Read(body, Now);
            Assert.Equal((Guid.Parse(Id), "é😀"), (press.Id!.Value, press.Note));
        });
    }

    [Theory]
    [InlineData("[", 10_000)]
    [InlineData("{\"a\":", 10_000)]
    [InlineData("[", 200_000)]
    public void Depth_is_no_reason_to_refuse(string open, int depth)
    {
        var nested = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(open == "[" ? "]" : "}", depth));
        if (nested.Length > PressBody.MaxBytes) nested = nested[..(PressBody.MaxBytes - 200)];
        var press = Read($$"""{"id":"{{Id}}","surprise":{{nested}},"note":"behind"}""");
        Assert.Equal(Guid.Parse(Id), press.Id);
    }

    [Fact]
    public void Random_bytes_and_random_cuts_never_throw()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var whole = Encoding.UTF8.GetBytes($$"""
            {"id":"{{Id}}","kind":"medical","position":{"latitude":40.1,"longitude":-75.3,"accuracy":12.5,"at":"2026-11-20T11:59:50Z"},
             "note":"a\u00e9\ud83d\ude00b","silent":true,"holdSeconds":5,"pressedAt":"2026-11-20T11:59:58Z","more":[1,{"x":null}]}
            """);
        for (var round = 0; round < 20_000; round++)
        {
            var body = whole[..random.Next(whole.Length + 1)];
            for (var flips = random.Next(6); flips > 0 && body.Length > 0; flips--) body[random.Next(body.Length)] = (byte)random.Next(256);
            var press = PressReader.Read(body, Now);
            Assert.True(press.Note is null || press.Note.Length <= Press.MaxNote);
            Assert.True(press.Position is null || GeoPoint.TryCreate(press.Position.Point.Latitude, press.Position.Point.Longitude, out _));
        }
    }

    private static Press Read(string body) => PressReader.Read(Encoding.UTF8.GetBytes(body), Now);
}
