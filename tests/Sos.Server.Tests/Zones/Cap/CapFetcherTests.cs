using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sos.Grains.Zones.Cap;
using Sos.Server.Zones.Cap;

namespace Sos.Server.Tests.Zones.Cap;

/// <summary>S-11: whatever a feed's address or its answer says, nothing inside is connected to, and nothing is read beyond its bounds.</summary>
public sealed class CapFetcherTests : IAsyncLifetime
{
    private const int Bound = 100_000;
    private const int Unpacked = 64 << 20;
    private readonly CapFetcher _guarded = new(Options.Create(new CapOptions()), new CapNetwork());
    private readonly CapFetcher _open = new(Options.Create(new CapOptions { AllowLocalFeeds = true }), new CapNetwork());
    private readonly ConcurrentDictionary<string, int> _asked = [];
    private readonly TcpListener _inside = new(IPAddress.Loopback, 0);
    private WebApplication _publisher = null!;
    private long _sent;

    private Uri Address => new(_publisher.Urls.Single() + "/");

    public async ValueTask InitializeAsync()
    {
        _inside.Start();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _publisher = builder.Build();
        _publisher.Use((context, next) =>
        {
            _asked.AddOrUpdate(context.Request.Path.Value!, 1, static (_, count) => count + 1);
            return next(context);
        });
        _publisher.MapGet("/feed", static () => Results.Text("<feed/>"));
        _publisher.MapGet("/to", static (string at, HttpContext context) =>
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            if (at.Length > 0) context.Response.Headers.Location = at;
        });
        _publisher.MapGet("/round", static () => Results.Redirect("/round"));
        _publisher.MapGet("/long", static () => Results.Bytes(new byte[Bound + 1]));
        _publisher.MapGet("/endless", Endless);
        _publisher.MapGet("/bomb/{coding}", static (string coding, bool said, HttpContext context) =>
        {
            if (said) context.Response.Headers.ContentEncoding = coding;
            return Results.Bytes(Bomb(coding));
        });
        await _publisher.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _guarded.Dispose();
        _open.Dispose();
        _inside.Dispose();
        await _publisher.DisposeAsync();
    }

    [Fact]
    public async Task S11_no_spelling_of_an_address_inside_is_connected_to()
    {
        Assert.Equal("not-https", await Fault(_guarded, Address));
        foreach (var host in new[] { "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "2130706433", "127.1", "0x7f.1", "0177.1", "0", "[fe80::1]", "100.64.0.1", "10.0.0.1", "[64:ff9b::7f00:1]" })
        {
            foreach (var port in new[] { 443, Address.Port }) Assert.Equal("private-address", await Fault(_guarded, new Uri(string.Create(CultureInfo.InvariantCulture, $"https://{host}:{port}/feed"))));
        }

        Assert.Empty(_asked);
    }

    [Fact]
    public async Task S11_a_name_that_turns_to_an_address_inside_is_not_connected_to_and_what_is_connected_to_is_what_was_looked_at()
    {
        var (away, loopback, mapped) = (IPAddress.Parse("8.8.8.8"), IPAddress.Loopback, IPAddress.Parse("::ffff:10.0.0.1"));
        var network = new TurningNetwork([[away], [loopback], [away, loopback], [loopback, away], [mapped], [IPAddress.IPv6Loopback], [], [away]]);
        using var fetcher = new CapFetcher(Options.Create(new CapOptions()), network);
        var faults = new List<string?>();
        for (var i = 0; i < 8; i++) faults.Add(await Fault(fetcher, new Uri("https://turns.example/feed")));
        Assert.Equal(["not-reached", "private-address", "private-address", "private-address", "private-address", "private-address", "private-address", "not-reached"], faults);

        // One question a connection: between the look and the connection no name is asked for.
        Assert.Equal((8, 2), (network.Questions, network.Connections.Count));
        Assert.All(network.Connections, connection => Assert.Equal((away, 443), (Assert.Single(connection.Addresses), connection.Port)));
        Assert.Equal("private-address", await Fault(fetcher, new Uri("https://turns.example:22/feed")));
    }

    [Fact]
    public async Task S11_a_redirection_leads_nowhere_but_within_its_host()
    {
        var inside = ((IPEndPoint)_inside.LocalEndpoint).Port;
        foreach (var away in new[]
        {
            $"http://127.0.0.1:{inside}/", $"http://127.0.0.2:{Address.Port}/feed", $"//127.0.0.1:{inside}/feed", $"http://localhost:{Address.Port}/feed",
            $"http://eve@127.0.0.1:{Address.Port}/feed", $"https://127.0.0.1:{Address.Port}/feed", "file:///etc/passwd", $"ftp://127.0.0.1:{inside}/", $"gopher://127.0.0.1:{inside}/_GET", "http://169.254.169.254/latest/meta-data/", "data:text/xml,<feed/>", "",
        })
        {
            Assert.Equal("foreign-redirection", await Fault(_open, To(away)));
        }

        // Slashes that lean the other way are of the host or of another one, as the reader likes; of another one nothing is asked.
        foreach (var odd in new[] { $"/\\127.0.0.1:{inside}/", $"\\\\127.0.0.1:{inside}\\feed", $"/\t/127.0.0.1:{inside}/" }) Assert.Contains(await Fault(_open, To(odd)), (string[])["foreign-redirection", "http-404"]);
        Assert.False(_inside.Pending());
        Assert.False(_asked.ContainsKey("/feed"));
        Assert.Equal("too-many-redirections", await Fault(_open, new Uri(Address, "round")));
        Assert.NotNull((await _open.Fetch(To("/feed"), null, null, Bound)).Body);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task S11_nothing_is_unpacked_whether_it_says_that_it_is_packed_or_not(string coding)
    {
        Assert.Equal("packed", await Fault(_open, new Uri(Address, $"bomb/{coding}?said=true")));
        var body = (await _open.Fetch(new Uri(Address, $"bomb/{coding}?said=false"), null, null, Bound)).Body!;
        Assert.Equal(Bomb(coding), body);
        Assert.False(CapFeedReader.TryRead(body, Address, out _));
        Assert.Null(CapReader.Read(body, new CapLimits()).Message);
    }

    [Fact]
    public async Task S11_no_more_is_read_than_the_bound()
    {
        Assert.Equal("too-large", await Fault(_open, new Uri(Address, "long")));
        Assert.Equal("http-404", await Fault(_open, new Uri(Address, "nothing")));
        Assert.Equal("too-large", await Fault(_open, new Uri(Address, "endless")));

        // What lay in the buffers of both sides beside it; then the connection was gone.
        Assert.InRange(Interlocked.Read(ref _sent), 1, Unpacked);
    }

    private Uri To(string location) => new(Address, "to?at=" + Uri.EscapeDataString(location));

    private static async Task<string?> Fault(CapFetcher fetcher, Uri address) => (await fetcher.Fetch(address, null, null, Bound)).Fault;

    private async Task Endless(HttpContext context)
    {
        var piece = new byte[16 * 1024];
        while (!context.RequestAborted.IsCancellationRequested && Interlocked.Read(ref _sent) <= Unpacked)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            Interlocked.Add(ref _sent, piece.Length);
        }
    }

    /// <summary>64 MiB of nothing in less than the bound.</summary>
    private static byte[] Bomb(string coding)
    {
        using var packed = new MemoryStream();
        using (Stream packer = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            var piece = new byte[1 << 20];
            for (var written = 0; written < Unpacked / 8; written += piece.Length) packer.Write(piece);
        }

        Assert.InRange(packed.Length, 1, Bound);
        return packed.ToArray();
    }

    /// <summary>A network whose names have other addresses each time, and on which nobody answers.</summary>
    private sealed class TurningNetwork(IPAddress[][] answers) : ICapNetwork
    {
        private int _questions;

        public int Questions => _questions;

        public ConcurrentQueue<(IPAddress[] Addresses, int Port)> Connections { get; } = [];

        public Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) => Task.FromResult(answers[Math.Min(_questions++, answers.Length - 1)]);

        public ValueTask<Stream> Connect(IPAddress[] addresses, int port, CancellationToken cancellationToken)
        {
            Connections.Enqueue((addresses, port));
            throw new SocketException((int)SocketError.ConnectionRefused);
        }
    }
}
