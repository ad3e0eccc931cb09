using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Realtime;

/// <summary>The hub client of the tests and the simulator, against a real SignalR hub.</summary>
public sealed class HubClientTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private WebApplication _app = null!;
    private Uri _hub = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSignalR();
        _app = builder.Build();
        _app.MapHub<EchoHub>("/echo");
        await _app.StartAsync();
        _hub = new Uri(_app.Urls.Single().Replace("http", "ws", StringComparison.Ordinal) + "/echo");
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_call_is_answered_and_the_server_calls_back()
    {
        await using var client = await HubClient.Connect(_hub, null);
        var answer = await client.Invoke("Add", 40, 2);
        var called = await client.Next("added", Patience);

        Assert.Equal(42, answer!.Value.GetInt32());
        Assert.Equal("forty-two", called.Arguments[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Messages_that_share_a_frame_or_span_several_arrive_whole_and_in_order()
    {
        await using var client = await HubClient.Connect(_hub, null);
        await client.Send("Flood", 500);
        for (var i = 0; i < 500; i++)
        {
            var message = await client.Next("flood", Patience);
            Assert.Equal(i, message.Arguments[0].GetInt32());
            Assert.Equal(i * 10, message.Arguments[1].GetString()!.Length);
        }
    }

    [Fact]
    public async Task A_refused_call_fails_and_the_connection_lives_on()
    {
        await using var client = await HubClient.Connect(_hub, null);
        await Assert.ThrowsAsync<HubCallException>(() => client.Invoke("Missing"));
        Assert.Equal(3, (await client.Invoke("Add", 1, 2))!.Value.GetInt32());
    }

    [Fact]
    public async Task A_connection_that_the_server_ends_is_reported()
    {
        await using var client = await HubClient.Connect(_hub, null);
        await client.Send("Leave");
        await client.Closed.WaitAsync(Patience);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Next("added", Patience));
    }

    private sealed class EchoHub : Hub
    {
        public async Task<int> Add(int a, int b)
        {
            await Clients.Caller.SendAsync("added", new { text = a + b == 42 ? "forty-two" : "other" });
            return a + b;
        }

        public async Task Flood(int count)
        {
            for (var i = 0; i < count; i++) await Clients.Caller.SendAsync("flood", i, new string('x', i * 10));
        }

        public void Leave() => Context.Abort();
    }
}
