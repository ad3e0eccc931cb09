using Sos.Server.Hosting.Logs;

namespace Sos.Server.Tests.Hosting.Logs;

public sealed class LogScrubberTests
{
    [Theory]
    [InlineData("call +12155550123 now", "call [number] now")]
    [InlineData("path /relatives/%2B12155550123", "path /relatives/[number]")]
    [InlineData("call +1 (215) 555-0123.", "call [number].")]
    [InlineData("to ada.king+sos@mail.example.org failed", "to [e-mail] failed")]
    [InlineData("to=ada%40example.org", "to=[e-mail]")]
    [InlineData("at 48.137154, -11.575490", "at [place], [place]")]
    [InlineData("GeoPoint { Latitude = 48.137, Longitude = 11.5754 }", "GeoPoint { Latitude = [place], Longitude = [place] }")]
    [InlineData("123456 is your code", "[code] is your code")]
    [InlineData("Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "Bearer [token]")]
    [InlineData("refresh k3Jx9QmZr7LpVt2Wb8YdNc4H", "refresh [token]")]
    [InlineData("GET /ws/alerts?ticket=abc&after=7 failed", "GET /ws/alerts?ticket=[…]&after=[…] failed")]
    [InlineData("https://blobs.example.org/a/b.jpg?sig=xyz%3D&se=2026", "https://blobs.example.org/a/b.jpg?sig=[…]&se=[…]")]
    [InlineData("https://sos.example.org/follow#AbCdEf", "https://sos.example.org/follow#[…]")]
    [InlineData("PUT /api/v1/relatives/0049301234567/sharing", "PUT /api/v1/relatives/[number]/sharing")]
    [InlineData("DELETE /api/v1/relatives/%2B49301234567?x=1", "DELETE /api/v1/relatives/[number]?x=[…]")]
    public void What_must_be_in_no_log_is_taken_out(string text, string left) => Assert.Equal(left, LogScrubber.Scrub(text));

    [Theory]
    [InlineData("alert 01890000-0000-7000-8000-0000000000aa took 12.3 ms")]
    [InlineData("alert 018900000000700080000000000000aa")]
    [InlineData("2026-11-21T16:43:22.1234567Z and 16:43:22.123")]
    [InlineData("10.4.2 on 127.0.0.1:11111 and 10.123.45.67")]
    [InlineData("   at Sos.Grains.Alerts.AlertGrain.<Raise>d__12.MoveNext() in /src/Sos.Grains/Alerts/AlertGrain.cs:line 66")]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpProtocol.ProcessRequests[TContext](IHttpApplication`1 application)")]
    [InlineData("10000 open alerts pinged in 1234 ms")]
    [InlineData("The silo [127.0.0.1:11111@133700001] is up")]
    [InlineData("PUT /api/v1/relatives/01890000-0000-7000-8000-0000000000aa/sharing and POST /api/v1/relatives/add")]
    public void What_helps_to_find_a_fault_stays(string text) => Assert.Equal(text, LogScrubber.Scrub(text));

    [Fact]
    public void A_text_of_a_megabyte_is_cut_and_takes_no_time_to_speak_of()
    {
        foreach (var part in (string[])["a", "1", "+1", "a@", "1.", "?a=", "é\n"])
        {
            var scrubbed = LogScrubber.Scrub(string.Concat(Enumerable.Repeat(part, 1024 * 1024 / part.Length)));
            Assert.InRange(scrubbed.Length, 1, 2 * LogScrubber.LongestText);
        }
    }
}
