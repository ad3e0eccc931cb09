using System.Net;
using System.Text.Json;
using Sos.Server.Tests.Alerts;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Users;

/// <summary>Blocks over HTTP: what is shown to whom, and that who is blocked cannot tell.</summary>
public sealed class BlockTests(AlertCity city) : IClassFixture<AlertCity>
{
    [Fact]
    public async Task Who_is_blocked_gets_the_same_bytes_as_who_is_just_not_asked()
    {
        var victim = await city.Person();
        var (blocked, far) = (await Near("40.12"), await Near("20.5"));
        await Near("40.121");
        await city.Done(victim, "POST", "users/me/blocks", $$"""{"userId":"{{blocked.User!.Id}}"}""");
        var alert = (await city.Press(victim)).GetProperty("id").GetGuid();
        JsonElement set = default;
        await city.Until("a search is kept that knew of the block", async () =>
        {
            using var answer = await city.Ask(city.Operator, "GET", $"alerts/{alert}/candidates/1");
            if (answer.StatusCode != HttpStatusCode.OK) return false;
            set = await SosServerHost.Json(answer);
            return true;
        });
        var judged = set.GetProperty("candidates").EnumerateArray().Single(c => c.GetProperty("responder").GetGuid() == blocked.User.Id);
        Assert.Equal("excluded", judged.GetProperty("reason").GetString());

        foreach (var (method, path, body) in new[]
        {
            ("GET", "responders/me/inbox", null), ("GET", $"alerts/{alert}", null), ("GET", $"alerts/{alert}/events", null), ("GET", $"alerts/{alert}/track", null),
            ("POST", $"alerts/{alert}/accept", """{"version":1}"""), ("POST", $"alerts/{alert}/decline", """{"version":1}"""), ("POST", $"alerts/{alert}/receipts", """{"seen":true}"""),
            ("GET", "users/me/blocks", null), ("GET", "alerts", null), ("GET", "users/me/contacts", null),
        })
        {
            Assert.Equal(await Whole(far, method, path, body), await Whole(blocked, method, path, body));
        }

        using var byHand = await city.Ask(city.Operator, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"assign","responderId":"{{blocked.User.Id}}","reason":"she is near"}""");
        await SosServerHost.IsProblem(byHand, 409, "excluded");
    }

    [Fact]
    public async Task Blocking_who_came_names_her_by_what_was_shown_and_the_same_request_again_is_answered_alike()
    {
        var victim = await city.Person();
        var alert = (await city.Press(victim)).GetProperty("id").GetGuid();
        await city.Accept(alert);
        var request = $$"""{"alertId":"{{alert}}"}""";
        var block = await city.Done(victim, "POST", "users/me/blocks", request);
        Assert.Equal((alert, "Anna"), (block.GetProperty("alertId").GetGuid(), block.GetProperty("name").GetString()));
        Assert.False(block.TryGetProperty("userId", out _));
        await city.Until("she is stood down", async () => (await Inbox(city.Rescuer)).Contains($$"""alertId":"{{alert}}","version":""", StringComparison.Ordinal) && (await Inbox(city.Rescuer)).Contains("reassigned", StringComparison.Ordinal));
        Assert.DoesNotContain("block", await Inbox(city.Rescuer), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("excluded", await Inbox(city.Rescuer), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(block.GetRawText(), (await city.Done(victim, "POST", "users/me/blocks", request)).GetRawText());
        using var others = await city.Ask(await city.Person(), "POST", "users/me/blocks", request);
        await SosServerHost.IsProblem(others, 404, "not-found");

        using var lifted = await city.Ask(victim, "DELETE", $"users/me/blocks/{block.GetProperty("id").GetGuid()}");
        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        Assert.Empty((await city.Done(victim, "GET", "users/me/blocks")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_number_is_answered_alike_whether_it_is_anybodys_or_nobodys_and_is_no_contact_any_more()
    {
        var (person, known) = (await city.Person(), TestNumbers.Number(9, 7001));
        await city.Host.SignIn(7001);
        await city.Done(person, "POST", "users/me/contacts", $$"""{"name":"Ben","phone":"{{known}}"}""");
        var answers = new List<string>();
        foreach (var number in new[] { known, TestNumbers.Number(9, 7002) })
        {
            var block = await city.Done(person, "POST", "users/me/blocks", $$"""{"phone":"{{number}}"}""");
            answers.Add(string.Join(',', block.EnumerateObject().Select(member => member.Name)));
            Assert.Equal(number, block.GetProperty("phone").GetString());
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Empty((await city.Done(person, "GET", "users/me/contacts")).GetProperty("items").EnumerateArray());
        await city.Until("it has been looked up", async () =>
        {
            await Task.Yield();
            return (await city.Done(person, "GET", "users/me/blocks")).GetProperty("items").GetArrayLength() == 2;
        });
        Assert.All((await city.Done(person, "GET", "users/me/blocks")).GetProperty("items").EnumerateArray(), item => Assert.False(item.TryGetProperty("userId", out _)));
    }

    [Theory]
    [InlineData("{}", "one of")]
    [InlineData("""{"phone":"+4930123456","userId":"01890000-0000-7000-8000-000000000001"}""", "one of")]
    [InlineData("""{"phone":"12"}""", "phone")]
    public async Task A_block_that_names_nobody_or_two_is_refused(string body, string named)
    {
        using var answer = await city.Ask(await city.Person(), "POST", "users/me/blocks", body);
        await SosServerHost.IsProblem(answer, 422, "invalid");
        Assert.Contains(named, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_blocks_herself()
    {
        var person = await city.Host.SignIn(7003);
        foreach (var body in new[] { $$"""{"userId":"{{person.User!.Id}}"}""", $$"""{"phone":"{{TestNumbers.Number(9, 7003)}}"}""" })
        {
            using var answer = await city.Ask(person, "POST", "users/me/blocks", body);
            await SosServerHost.IsProblem(answer, 422, "invalid");
        }
    }

    private async Task<SessionAnswer> Near(string latitude)
    {
        var person = await city.Person();
        await city.Done(city.Admin, "POST", $"admin/responders/{person.User!.Id}", """{"cleared":true,"capabilities":["medical"],"displayName":"Anna"}""");
        await city.Done(person, "PUT", "responders/me", """{"onDuty":true,"capacity":10,"transport":"car"}""");
        using var position = await city.Ask(person, "POST", "responders/me/position", $$"""{"latitude":{{latitude}},"longitude":-75.34}""");
        Assert.Equal(HttpStatusCode.Accepted, position.StatusCode);
        return person;
    }

    private async Task<string> Inbox(SessionAnswer responder) => (await city.Done(responder, "GET", "responders/me/inbox")).GetRawText();

    private async Task<string> Whole(SessionAnswer who, string method, string path, string? body)
    {
        using var answer = await city.Ask(who, method, path, body);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "RateLimit")).Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order();
        return $"{method} {path}\n{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{await answer.Content.ReadAsStringAsync()}";
    }
}
