using System.Net;
using System.Text.Json;
using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Reliability;

/// <summary>R-14: many want the same at once, over HTTP; one gets it. And one press that is sent a hundred times.</summary>
public sealed class RaceTests
{
    private const int Crowd = 50;

    /// <summary>A hundred in the gate; SOS_ROUNDS for more.</summary>
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("SOS_ROUNDS"), out var rounds) ? rounds : 100;

    /// <summary>Everybody near is asked at once, and nothing but the race moves an alert.</summary>
    private static readonly Dictionary<string, string> OneWaveForAll = new()
    {
        ["Sos:Dispatch:WaveCap"] = "50",
        ["Sos:Dispatch:WaveTarget"] = "0.9999999999999999",
        ["Sos:Dispatch:AutoAssignAfter"] = "06:00:00",
        ["Sos:Dispatch:AnswerTime"] = "06:00:00",
        ["Sos:Dispatch:RetryEvery"] = "06:00:00",
        ["Sos:Dispatch:NudgeAfter"] = "06:00:00",
    };

    [Fact]
    public async Task One_of_50_who_accept_at_once_wins_in_every_round()
    {
        await using var server = await ServerUnderFire.Start(OneWaveForAll);
        var caller = await server.Population.Caller(0);
        var responders = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => OnDuty(server, i)));
        for (var round = 1; round <= Rounds; round++)
        {
            var alert = await Press(server, caller, round);
            while (alert.Receipts!.Asked < Crowd) alert = (await caller.Get($"alerts/{alert.Id}")).Read<AlertAnswer>();
            var answers = await AtOnce(responders.Select(responder => (responder, $"alerts/{alert.Id}/accept", (object)new { version = alert.Version })));
            AssertOneWinner(answers, round);
            Assert.True((await caller.Post($"alerts/{alert.Id}/cancel", new { reason = "next round" })).Succeeded);
            await Free(responders[Array.FindIndex(answers, a => a.Succeeded)]);
        }

        var audit = await server.Account([caller]);
        ServerUnderFire.Say($"R-14: {Crowd} responders accept one alert at once, {Rounds} rounds: one 200 and {Crowd - 1} × 409 in every round; {audit}");
        ServerUnderFire.AssertClean(audit);
    }

    [Fact]
    public async Task One_of_50_alerts_wins_a_responder_in_every_round()
    {
        await using var server = await ServerUnderFire.Start(OneWaveForAll);
        var responder = await OnDuty(server, 0);
        var callers = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => server.Population.Caller(i)));
        var alerts = await Task.WhenAll(callers.Select(async caller =>
        {
            var alert = await Press(server, caller, 0);
            while (alert.Receipts!.Asked == 0) alert = (await caller.Get($"alerts/{alert.Id}")).Read<AlertAnswer>();
            return alert;
        }));
        for (var round = 1; round <= Rounds; round++)
        {
            var answers = await AtOnce(alerts.Select(alert => (responder, $"alerts/{alert.Id}/accept", (object)new { version = alert.Version })));
            var winner = AssertOneWinner(answers, round).Read<AlertAnswer>();
            // She lets it go again, so that all fifty are free to win her in the next round.
            var declined = await responder.Post($"alerts/{winner.Id}/decline", new { version = winner.Version });
            Assert.True(declined.Succeeded, $"round {round}: {declined}");
            await Free(responder);
        }

        var audit = await server.Account(callers);
        ServerUnderFire.Say($"R-14: {Crowd} alerts want one responder at once, {Rounds} rounds: one 200 and {Crowd - 1} × 409 in every round; {audit}");
        ServerUnderFire.AssertClean(audit);
    }

    [Fact]
    public async Task A_press_sent_100_times_over_two_connections_is_one_alert()
    {
        await using var server = await ServerUnderFire.Start();
        var caller = await server.Population.Caller(0);
        using var otherConnection = new HttpClient { BaseAddress = server.Process.Address };
        var other = new ApiClient(otherConnection);
        await other.SignIn(TestNumbers.Number(3, 0));
        var intent = new Intent(Guid.CreateVersion7(), caller.UserId, "medical", 46.2, -28.4, "a hundred times");
        await server.Log.Intend(intent);
        var body = new { id = intent.Id, kind = intent.Kind, position = new { latitude = intent.Latitude, longitude = intent.Longitude }, note = intent.Note };
        var answers = await AtOnce(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? caller : other, "alerts", (object)body)));
        await server.Log.Settle(intent.Id, Certainty.Acknowledged);

        Assert.All(answers, answer => Assert.True(answer.Succeeded, answer.ToString()));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.Equal(intent.Id, answer.Read<AlertAnswer>().Id));
        var audit = await server.Account([caller]);
        ServerUnderFire.Say($"R-14: a press sent 100 times over two connections: one 201, 99 × 200, one alert; {audit}");
        ServerUnderFire.AssertClean(audit);
    }

    // Her capacity comes back by the alert's outbox, a moment after the answer.
    private static async Task Free(ApiClient responder)
    {
        while (true)
        {
            var me = await responder.Get("responders/me");
            me.Require();
            using var answer = JsonDocument.Parse(me.Body);
            if (answer.RootElement.GetProperty("engaged").GetInt32() == 0) return;
        }
    }

    private static async Task<ApiClient> OnDuty(ServerUnderFire server, int number)
    {
        var responder = await server.Population.Responder(number);
        (await responder.Put("responders/me", new { onDuty = true, capacity = 1, transport = "car" })).Require();
        (await responder.Post("responders/me/position", new { latitude = 46.2 + 0.0001 * number, longitude = -28.4, accuracy = 10, at = DateTimeOffset.UtcNow })).Require();
        return responder;
    }

    private static async Task<AlertAnswer> Press(ServerUnderFire server, ApiClient caller, int round)
    {
        var intent = new Intent(Guid.CreateVersion7(), caller.UserId, "medical", 46.2, -28.4, $"round {round}");
        await server.Log.Intend(intent);
        var answer = await caller.Post("alerts", new { id = intent.Id, kind = intent.Kind, position = new { latitude = 46.2, longitude = -28.4 }, note = intent.Note, holdSeconds = 0 });
        await server.Log.Settle(intent.Id, answer.Certainty);
        var alert = answer.Read<AlertAnswer>();
        Assert.Equal(intent.Id, alert.Id);
        return alert;
    }

    /// <summary>Everything is ready before the first is sent.</summary>
    private static async Task<ApiAnswer[]> AtOnce(IEnumerable<(ApiClient Who, string Path, object Body)> requests)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = requests.Select(async request =>
        {
            await start.Task;
            return await request.Who.Post(request.Path, request.Body);
        }).ToList();
        start.SetResult();
        return await Task.WhenAll(sending);
    }

    private static ApiAnswer AssertOneWinner(ApiAnswer[] answers, int round)
    {
        var won = answers.Where(answer => answer.Succeeded).ToList();
        Assert.True(won.Count == 1, $"round {round}: {won.Count} winners; the others: {string.Join(", ", answers.Where(a => !a.Succeeded).Select(a => a.ToString()).Distinct().Take(5))}");
        Assert.All(answers.Except(won), answer => Assert.True(answer.Status == HttpStatusCode.Conflict, $"round {round}: {answer}"));
        return won[0];
    }
}
