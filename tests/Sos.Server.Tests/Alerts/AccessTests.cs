using Sos.TestKit.Client;

namespace Sos.Server.Tests.Alerts;

/// <summary>Who may do what to an alert: every route by every kind of caller. Rows name the callers that are let in.</summary>
public sealed class AccessTests(AlertCity city) : IClassFixture<AlertCity>
{
    private const string Callers = "owner stranger rescuer unasked operator elsewhere admin";
    private const string Responders = "rescuer unasked";
    private const string Staff = "operator elsewhere admin";

    /// <summary>Method, route, body, callers whose role opens the route (others: 403), callers whom the alert knows (others: 404).</summary>
    public static TheoryData<string, string, string?, string, string> Routes => new()
    {
        { "GET", "alerts/{0}", null, Callers, "owner rescuer operator admin" },
        { "GET", "alerts/{0}/events", null, Callers, "owner rescuer operator admin" },
        { "PATCH", "alerts/{0}", """{"note":"more"}""", Callers, "owner" },
        { "POST", "alerts/{0}/position", AlertCity.Here, Callers, "owner" },
        { "POST", "alerts/{0}/cancel", "{}", Callers, "owner" },
        { "GET", "alerts/{0}/track", null, Callers, "rescuer operator admin" },
        { "POST", "alerts/{0}/accept", """{"version":VERSION}""", Responders, "rescuer" },
        { "POST", "alerts/{0}/decline", """{"version":VERSION}""", Responders, "rescuer" },
        { "POST", "alerts/{0}/en-route", """{"version":VERSION}""", Responders, "rescuer" },
        { "POST", "alerts/{0}/on-scene", """{"version":VERSION}""", Responders, "rescuer" },
        { "POST", "alerts/{0}/resolve", """{"version":VERSION}""", Responders, "rescuer" },
        { "POST", "alerts/{0}/receipts", """{"seen":true}""", Responders, "rescuer" },
        { "GET", "alerts/{0}/candidates/999", null, Staff, "" },
        { "POST", "admin/actions", """{"alertId":"{0}","action":"note","reason":"why"}""", Staff, "operator admin" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Only_who_is_concerned_is_let_in_and_for_others_the_alert_is_as_if_missing(string method, string route, string? body, string role, string concerned)
    {
        foreach (var caller in Callers.Split(' '))
        {
            var victim = await city.Person();
            var alert = (await city.Press(victim)).GetProperty("id").GetGuid();
            var version = (await city.Accept(alert)).GetProperty("version").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
            var who = caller switch
            {
                "owner" => victim,
                "stranger" => await city.Person(),
                "rescuer" => city.Rescuer,
                "unasked" => city.Unasked,
                "operator" => city.Operator,
                "elsewhere" => city.OperatorElsewhere,
                _ => city.Admin,
            };
            using var answer = await Ask(alert);
            using var missing = await Ask(Guid.CreateVersion7());
            var status = (int)answer.StatusCode;
            var text = await answer.Content.ReadAsStringAsync();
            if (!role.Split(' ').Contains(caller)) Assert.True(status == 403, $"{caller}: {status} {text}");
            else if (concerned.Split(' ').Contains(caller)) Assert.True(status is 200 or 204 or 409, $"{caller}: {status} {text}");
            else
            {
                Assert.True(status == 404, $"{caller}: {status} {text}");
                Assert.Equal(await missing.Content.ReadAsByteArrayAsync(), await answer.Content.ReadAsByteArrayAsync());
                Assert.Equal(Headers(missing), Headers(answer));
            }

            using var closing = await city.Ask(city.Admin, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"close","reason":"over"}""");
            Assert.True(closing.IsSuccessStatusCode || (int)closing.StatusCode == 409);
            await city.Until("the rescuer is free again", async () => (await city.Done(city.Rescuer, "GET", "responders/me")).GetProperty("engaged").GetInt32() == 0);

            Task<HttpResponseMessage> Ask(Guid id) => city.Ask(
                who, method, route.Replace("{0}", id.ToString(), StringComparison.Ordinal),
                body?.Replace("{0}", id.ToString(), StringComparison.Ordinal).Replace("VERSION", version, StringComparison.Ordinal));
        }
    }

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

    private static string Headers(HttpResponseMessage answer) =>
        string.Join('\n', answer.Headers.Where(h => h.Key is not ("Date" or "RateLimit")).Concat(answer.Content.Headers).Select(h => $"{h.Key}: {string.Join(',', h.Value)}"));
}
