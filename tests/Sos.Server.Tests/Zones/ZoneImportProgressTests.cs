using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Zones;

/// <summary>Who sends a large file of zones sees how far it is while it is still being sent.</summary>
public sealed class ZoneImportProgressTests : IAsyncLifetime
{
    private SosServerHost _server = null!;
    private SessionAnswer _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        _admin = await _server.Bootstrap();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_answer_begins_while_the_file_is_read_and_nothing_is_made_before_it_was_read_whole()
    {
        var (first, rest) = ("{\"type\":\"FeatureCollection\",\"features\":[" + Features(501), "," + Features(4) + "]}");
        using var import = await Begin(first.Length + rest.Length);
        await import.Send(first);
        Assert.StartsWith("HTTP/1.1 200", await import.Line(), StringComparison.Ordinal);
        Assert.Equal("""{"zones":500,"made":0}""", await import.Until("zones"));
        Assert.Equal(0, await Zones());
        await import.Send(rest);
        Assert.Equal("""{"zones":505,"made":0}""", await import.Until("zones"));
        Assert.Equal(505, JsonDocument.Parse(await import.Until("report")).RootElement.GetProperty("report").GetProperty("imported").GetInt32());
        Assert.Equal(505, await Zones());
    }

    [Fact]
    public async Task A_file_that_breaks_off_after_lines_went_out_says_so_in_the_last_line_and_one_that_breaks_before_is_refused()
    {
        var file = "{\"type\":\"FeatureCollection\",\"features\":[" + Features(501) + ",{]";
        using var import = await Begin(file.Length);
        await import.Send(file);
        Assert.Equal("""{"zones":500,"made":0}""", await import.Until("zones"));
        var report = JsonDocument.Parse(await import.Until("report")).RootElement.GetProperty("report");
        var fault = Assert.Single(report.GetProperty("faults").EnumerateArray());
        Assert.Equal((0, 501, 0), (report.GetProperty("imported").GetInt32(), report.GetProperty("refused").GetInt32(), fault.GetProperty("feature").GetInt32()));
        Assert.EndsWith("Nothing was imported.", fault.GetProperty("detail").GetString(), StringComparison.Ordinal);

        const string Short = "{\"type\":\"FeatureCollection\",\"features\":[{]";
        using var refused = await Begin(Short.Length);
        await refused.Send(Short);
        Assert.StartsWith("HTTP/1.1 422", await refused.Line(), StringComparison.Ordinal);
        Assert.Equal(0, await Zones());
    }

    private static string Features(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => string.Create(
        CultureInfo.InvariantCulture, $$$"""{"type":"Feature","properties":{"radiusMeters":50},"geometry":{"type":"Point","coordinates":[16.3,{{{48 + i * 0.0001:F4}}}]}}""")));

    private async Task<int> Zones()
    {
        using var exported = await _server.Send(HttpMethod.Get, "api/v1/zones/export", authorization: "Bearer " + _admin.AccessToken);
        return (await SosServerHost.Json(exported)).GetProperty("features").GetArrayLength();
    }

    private async Task<Sending> Begin(int length)
    {
        var sending = new Sending(_server.Http.BaseAddress!);
        await sending.Send($"POST /api/v1/zones/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_admin.AccessToken}\r\nAccept: application/x-ndjson\r\nContent-Type: application/geo+json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        return sending;
    }

    /// <summary>A request on its way, whose answer is read meanwhile: HttpClient sends all of it first.</summary>
    private sealed class Sending : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
        private readonly TcpClient _client;
        private readonly StreamReader _answer;

        public Sending(Uri server)
        {
            _client = new TcpClient(server.Host, server.Port);
            _answer = new StreamReader(_client.GetStream());
        }

        public Task Send(string text) => _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

        public async Task<string> Line() => await _answer.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException();

        /// <summary>The next line with a word in it, without what frames its piece.</summary>
        public async Task<string> Until(string word)
        {
            while (true)
            {
                if (await Line() is var line && line.Contains($"\"{word}\"", StringComparison.Ordinal)) return line;
            }
        }

        public void Dispose()
        {
            _answer.Dispose();
            _client.Dispose();
        }
    }
}
