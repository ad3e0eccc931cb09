using Sos.TestKit.Client;

namespace Sos.Server.Tests.Alerts;

/// <summary>Whose alerts a listing shows; who may call what on one alert is in the access matrix.</summary>
public sealed class ListingTests(AlertCity city) : IClassFixture<AlertCity>
{
    [Fact]
    public async Task A_listing_shows_ones_own_and_staff_only_its_areas()
    {
        var victim = await city.Person();
        var alert = (await city.Press(victim)).GetProperty("id").GetGuid();
        await city.Until("it is listed", async () => await Lists(victim, "alerts", alert));
        await city.Until("it is listed in its area", async () => await Lists(city.Operator, $"alerts?area={AlertCity.Area}", alert));
        Assert.False(await Lists(city.Operator, "alerts", alert));
        foreach (var who in new[] { victim, city.Rescuer, city.OperatorElsewhere })
        {
            using var answer = await city.Ask(who, "GET", $"alerts?area={AlertCity.Area}");
            await SosServerHost.IsProblem(answer, 403, "forbidden");
        }

        await city.Close(alert);
    }

    private async Task<bool> Lists(SessionAnswer who, string path, Guid alert) =>
        (await city.Done(who, "GET", path)).GetProperty("alerts").EnumerateArray().Any(a => a.GetProperty("id").GetGuid() == alert);
}
