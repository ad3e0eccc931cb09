using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Zones;
using Sos.TestKit;

namespace Sos.Server.Tests.Zones.Cap;

/// <summary>Feeds of official warnings, against a publisher in this process.</summary>
public sealed class CapFeedTests
{
    [Fact]
    public async Task What_a_feed_links_to_becomes_zones_is_fetched_once_and_updated_while_failures_are_shown()
    {
        await using var publisher = await Publisher.Start();
        await using var server = await SosServerHost.Start("--Sos:Cap:AllowLocalFeeds=true", "--Sos:Cap:Feeds:0:Name=city", $"--Sos:Cap:Feeds:0:Url={publisher.Address}feed");
        var admin = await server.Bootstrap();
        var sent = server.Time.GetUtcNow();
        publisher.Put("A1", SampleWarnings.Text(sent));
        publisher.Put("X1", "<alert/>");
        publisher.Put("T1", SampleWarnings.Text(sent, "T1", status: "Test"));
        await Until(server, "the warning is on the map", async () => await Names(server) is ["Flood: The docks"]);
        await Until(server, "the round is settled", async () => (await Health(server)).Taken == 1);
        var health = await Health(server);
        Assert.Equal(("city", 1, 1, 0, null), (health.Name, health.Ignored, health.Refused, health.Failures, health.Fault));

        await Until(server, "the feed is asked with its version", () => Task.FromResult(publisher.NotModified > 0));
        Assert.Equal((1, 1, 1), (publisher.Asked("A1"), publisher.Asked("X1"), publisher.Asked("T1")));
        publisher.Put("A2", SampleWarnings.Text(server.Time.GetUtcNow(), "A2", "Update", SampleWarnings.Reference(sent, "A1"), happening: "Flood, again"));
        await Until(server, "the update is on the map", async () => await Names(server) is ["Flood, again: The docks"]);
        Assert.Equal(1, publisher.Asked("A1"));

        publisher.Status = 503;
        await Until(server, "the failure is shown", async () => await Health(server) is { Failures: > 0, Fault: "http-503" });
        publisher.Status = 200;
        await Until(server, "it is well again", async () => (await Health(server)).Failures == 0);

        var credential = "Bearer " + (await SosServerHost.Session(await server.Refresh(admin.RefreshToken))).AccessToken;
        using var feeds = await server.Send(HttpMethod.Get, "api/v1/admin/cap/feeds", authorization: credential);
        Assert.Equal(2, Assert.Single((await SosServerHost.Json(feeds)).GetProperty("items").EnumerateArray()).GetProperty("taken").GetInt32());
        using var audit = await server.Send(HttpMethod.Get, $"api/v1/admin/audit?act=took_warning&day={sent:yyyy-MM-dd}", authorization: credential);
        var entries = (await SosServerHost.Json(audit)).GetProperty("items").EnumerateArray().ToList();
        Assert.NotEmpty(entries);
        Assert.All(entries, entry => Assert.Equal(("feed city", Guid.Empty), (entry.GetProperty("reason").GetString(), entry.GetProperty("actor").GetGuid())));
    }

    // By the grains: the clock runs faster than a session lives.
    private static async Task<List<string>> Names(SosServerHost server) =>
        [.. (await server.Services.GetRequiredService<ZoneListing>().Page(new GeoBounds(48, 16, 49, 17), null, 100))!.Zones.Select(zone => zone.Draft.Name)];

    private static Task<CapFeedHealth> Health(SosServerHost server) => server.Services.GetRequiredService<IGrainFactory>().GetGrain<ICapFeedGrain>("city").Read();

    private static async Task Until(SosServerHost server, string what, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            await pace.WaitForNextTickAsync();
            server.Time.Advance(TimeSpan.FromSeconds(5));
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(1)) throw new TimeoutException($"Waited a minute for: {what}");
        }
    }

    /// <summary>A publisher on a free port.</summary>
    private sealed class Publisher : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, string> _messages = [];
        private readonly ConcurrentDictionary<string, int> _asked = [];
        private readonly WebApplication _app;
        private int _notModified;

        private Publisher(WebApplication app) => _app = app;

        public Uri Address => new(_app.Urls.Single() + "/");

        public int Status { get; set; } = 200;

        public int NotModified => Volatile.Read(ref _notModified);

        public static async Task<Publisher> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var publisher = new Publisher(app);
            app.MapGet("/feed", publisher.Feed);
            app.MapGet("/message/{name}", publisher.Message);
            await app.StartAsync();
            return publisher;
        }

        public void Put(string name, string text) => _messages[name] = text;

        public int Asked(string name) => _asked.GetValueOrDefault(name);

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private IResult Feed(HttpContext context)
        {
            _asked.AddOrUpdate("feed", 1, static (_, count) => count + 1);
            if (Status != 200) return Results.StatusCode(Status);
            var version = $"\"{string.Join('-', _messages.Keys.Order())}\"";
            if (context.Request.Headers.IfNoneMatch == version)
            {
                Interlocked.Increment(ref _notModified);
                return Results.StatusCode(304);
            }

            context.Response.Headers.ETag = version;
            return Results.Text($"<feed xmlns=\"http://www.w3.org/2005/Atom\">{string.Concat(_messages.Keys.Order().Select(name => $"<entry><updated>2026-11-21T22:00:00Z</updated><link href=\"/message/{name}\"/></entry>"))}</feed>", "application/atom+xml");
        }

        private IResult Message(string name)
        {
            _asked.AddOrUpdate(name, 1, static (_, count) => count + 1);
            return _messages.TryGetValue(name, out var text) ? Results.Text(text, "application/cap+xml") : Results.NotFound();
        }
    }
}
