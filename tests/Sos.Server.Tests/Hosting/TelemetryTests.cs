using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Sos.Server.Hosting;

namespace Sos.Server.Tests.Hosting;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Meters_and_traces_reach_a_collector_and_hold_nobodys_number()
    {
        var received = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.AddOrUpdate(context.Request.Path, Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();
        await using (var server = await SosServerHost.Start($"--Sos:Telemetry:Endpoint={collector.Urls.Single()}", "--Sos:Telemetry:TracedShare=1"))
        {
            var person = await server.SignIn(1);
            using var me = await server.Send(HttpMethod.Get, "api/v1/users/me", (string?)null, "Bearer " + person.AccessToken);
            Assert.True(me.IsSuccessStatusCode);
        }

        var meters = received["/v1/metrics"];
        Assert.Contains("http.server.request.duration", meters, StringComparison.Ordinal);
        Assert.Contains("System.Runtime", meters, StringComparison.Ordinal);
        Assert.All(received.Values, sent => Assert.DoesNotContain("1555", sent, StringComparison.Ordinal));

        // The embedded runtime has meters and no traces: a call in one process is not a hop.
        (string Meter, string? Traced) expected = SosSilo.Runtime == "embedded" ? ("sos.embedded.calls", null) : ("Microsoft.Orleans", "IUserGrain");
        Assert.Contains(expected.Meter, meters, StringComparison.Ordinal);
        if (expected.Traced is not null) Assert.Contains(expected.Traced, received["/v1/traces"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Sos:Telemetry:Endpoint=ftp://collector")]
    [InlineData("--Sos:Telemetry:TracedShare=2")]
    public async Task A_setting_that_cannot_work_ends_the_start(string setting)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => SosServerHost.Start(setting));
        Assert.NotNull(StartupException.SentenceFor(failure, null));
    }
}
