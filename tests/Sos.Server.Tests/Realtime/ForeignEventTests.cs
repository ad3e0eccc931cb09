using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Users;
using Sos.Server.Tests.Alerts;

namespace Sos.Server.Tests.Realtime;

/// <summary>S-18: what is told to one person reaches her devices and nobody else's. <c>SOS_LONG=1</c>: 100,000 events.</summary>
public sealed class ForeignEventTests(AlertCity city) : IClassFixture<AlertCity>
{
    private const int People = 20;
    private const int AtOnce = 25;

    [Fact]
    public async Task Of_all_events_none_reaches_somebody_else()
    {
        var waves = (Environment.GetEnvironmentVariable("SOS_LONG") == "1" ? 100_000 : 10_000) / (People * AtOnce);
        var grains = city.Host.Services.GetRequiredService<IGrainFactory>();
        var counts = await Task.WhenAll(Enumerable.Range(0, People).Select(async _ =>
        {
            var (person, alert) = (await city.Person(), Guid.CreateVersion7());
            await using var device = await city.Connect("alerts", person);
            var user = grains.GetGrain<IUserGrain>(person.User!.Id);
            var (own, foreign) = (0, 0);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));

            // Connected; followed a moment later.
            while (await user.Tell(Event(alert, 0)) == 0) await Task.Yield();
            await device.Messages.ReadAsync(patience.Token);
            for (var wave = 0; wave < waves; wave++)
            {
                for (var i = 1; i <= AtOnce; i++) await user.Tell(Event(alert, wave * AtOnce + i));

                // Read before more is sent: a device that falls behind would be told to pull instead.
                for (var i = 0; i < AtOnce; i++)
                {
                    var message = await device.Messages.ReadAsync(patience.Token);
                    var isOwn = message.Arguments[0].GetRawText().Contains(alert.ToString(), StringComparison.Ordinal);
                    (own, foreign) = isOwn ? (own + 1, foreign) : (own, foreign + 1);
                }
            }

            return (Own: own, Foreign: foreign);
        }));
        var figures = $"S-18: {counts.Sum(count => count.Own):N0} events to {People} people, {counts.Sum(count => count.Foreign)} foreign";
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.All(counts, count => Assert.Equal((waves * AtOnce, 0), (count.Own, count.Foreign)));
    }

    private AlertEvent Event(Guid alert, long seq) => new(alert, seq, seq - 1, city.Host.Time.GetUtcNow(), AlertEventKind.Offered, AlertStatus.Offered, Actor.Service, Count: 1);
}
