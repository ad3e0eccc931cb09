using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Relatives;
using Sos.Server.Tests.Alerts;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Trackers;

/// <summary>Relatives on the map of OwnTracks: only where its owner has said so, by the looks of the app, and nothing of it tells more than the app does.</summary>
public sealed partial class OwnTracksFriendTests(OwnTracksFriendTests.Town town) : IClassFixture<OwnTracksFriendTests.Town>
{
    private static int _people = 9_200;
    private AlertCity City => town.City;

    [Fact]
    public async Task A_tracker_reads_nothing_until_its_owner_lets_it_and_nothing_again_when_she_does_not_or_it_is_revoked()
    {
        var (ann, ben, _) = await Pair("Ben");
        var (map, other) = (await Device.Add(City.Host, ann, "owntracks", "Map"), await Device.Add(City.Host, ann, "owntracks", "Other"));
        await Report(ben, 40.1311);
        Assert.Empty(await At(map));
        Assert.False((await Entry(ann, map)).GetProperty("showsRelatives").GetBoolean());
        Assert.True((await Show(ann, map)).GetProperty("showsRelatives").GetBoolean());
        Assert.True((await Entry(ann, map)).GetProperty("showsRelatives").GetBoolean());
        City.Host.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(["location", "card"], (await At(map)).Select(Type));
        Assert.Empty(await At(other));
        City.Host.Time.Advance(TimeSpan.FromSeconds(61));
        await Show(ann, map, shows: false);
        Assert.Empty(await At(map));
        await Show(ann, map);
        (await City.Ask(ann, "DELETE", $"users/me/trackers/{map.Id}")).Dispose();
        using var dead = await map.OwnTracks(RealMessages.OwnTracks(City.Host.Time.GetUtcNow()));
        Assert.Equal(404, (int)dead.StatusCode);
    }

    [Fact]
    public async Task A_friend_is_known_by_the_same_letters_for_ever_her_name_is_the_owners_own_and_a_look_is_hers_to_read()
    {
        var (ann, ben, relation) = await Pair("Ben");
        var map = await Device.Add(City.Host, ann, "owntracks");
        await Show(ann, map);
        await Report(ben, 40.1312);
        var at = City.Host.Time.GetUtcNow().ToUnixTimeSeconds();
        var told = await At(map);
        var friend = told[0];
        var tid = friend.GetProperty("tid").GetString()!;
        Assert.Equal(("location", 40.1312, -75.34, at, 5, "owntracks/http/" + tid), (Type(friend), friend.GetProperty("lat").GetDouble(), friend.GetProperty("lon").GetDouble(),
            friend.GetProperty("tst").GetInt64(), friend.GetProperty("acc").GetInt32(), friend.GetProperty("topic").GetString()!));
        Assert.Equal(("card", tid, "Ben"), (Type(told[1]), told[1].GetProperty("tid").GetString()!, told[1].GetProperty("name").GetString()!));
        Assert.Matches("^[0-9a-f]{12}$", tid);
        foreach (var secret in new[] { ben.User!.Id.ToString("N"), ben.User.Id.ToString(), Phones[ben.User.Id] }) Assert.DoesNotContain(secret, friend.GetRawText() + told[1].GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(tid, ben.User.Id.ToString("N"), StringComparison.Ordinal);

        // Once a minute; the name again only where it is another, or an hour later.
        Assert.Empty(await At(map));
        City.Host.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((tid, "location"), (Assert.Single(await At(map)).GetProperty("tid").GetString()!, Type(friend)));
        await City.Done(ann, "PUT", $"relatives/{relation}", """{"name":"Benny"}""");
        City.Host.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal([tid, "Benny"], (await At(map)).Select(one => Type(one) == "card" ? one.GetProperty("name").GetString()! : one.GetProperty("tid").GetString()!));

        var looks = (await City.Done(ben, "GET", "users/me/seen")).GetRawText();
        Assert.Equal(1, Regex.Count(looks, "\"Ann\""));
    }

    [Fact]
    public async Task Who_is_off_master_off_paused_blocked_or_without_signal_gives_the_same_bytes_and_grows_old()
    {
        string[] ways = ["silent", "off", "master", "paused", "blocked"];
        var people = new List<(SessionAnswer Ann, SessionAnswer Ben, Device Map)>();
        foreach (var _ in ways)
        {
            var (ann, ben, _) = await Pair("Ben");
            var map = await Device.Add(City.Host, ann, "owntracks");
            await Show(ann, map);
            people.Add((ann, ben, map));
        }

        foreach (var (_, ben, map) in people)
        {
            await Report(ben, 40.1201);
            Assert.Equal(2, (await At(map)).Count);
        }

        for (var i = 0; i < ways.Length; i++)
        {
            var (ann, ben, _) = people[i];
            var his = (await City.Done(ben, "GET", "relatives")).GetProperty("relatives")[0].GetProperty("id").GetGuid();
            switch (ways[i])
            {
                case "off": await City.Done(ben, "PUT", $"relatives/{his}/sharing", """{"enabled":false}"""); break;
                case "master": await City.Done(ben, "POST", "relatives/toggle-sharing", """{"enabled":false}"""); break;
                case "paused": await City.Done(ben, "PUT", $"relatives/{his}", """{"paused":true}"""); break;
                case "blocked": await City.Done(ben, "POST", "users/me/blocks", $$"""{"userId":"{{ann.User!.Id}}"}"""); break;
            }
        }

        foreach (var (wait, expected) in new[] { (TimeSpan.FromMinutes(2), 1), (TimeSpan.FromMinutes(5), 1), (TimeSpan.FromMinutes(31), 0) })
        {
            City.Host.Time.Advance(wait);
            var answers = new List<string>();
            foreach (var (_, ben, map) in people)
            {
                // Where they go from here on is nobody's to know.
                if (ben != people[0].Ben && wait < TimeSpan.FromMinutes(3)) await Report(ben, 40.1301);
                answers.Add(await Whole(map));
                Assert.Equal(expected, JsonDocument.Parse(answers[^1].Split("\n\n")[1]).RootElement.GetArrayLength());
            }

            for (var i = 1; i < ways.Length; i++) Assert.True(answers[0] == answers[i], $"{ways[i]} after {wait}:\n{answers[0]}\n---\n{answers[i]}");
        }
    }

    [Fact]
    public async Task Who_shows_herself_to_a_kilometre_is_the_middle_of_her_square_with_how_far_she_may_be_from_it()
    {
        var (ann, ben, _) = await Pair("Ben", "approximate");
        var map = await Device.Add(City.Host, ann, "owntracks");
        await Show(ann, map);
        await Report(ben, 40.1301);
        var friend = (await At(map))[0];
        Assert.Equal(850, friend.GetProperty("acc").GetInt32());
        Assert.NotEqual(40.1301, friend.GetProperty("lat").GetDouble());
        var seen = (await City.Done(ann, "GET", "relatives")).GetProperty("relatives")[0].GetProperty("position");
        Assert.Equal((seen.GetProperty("latitude").GetDouble(), seen.GetProperty("longitude").GetDouble()), (friend.GetProperty("lat").GetDouble(), friend.GetProperty("lon").GetDouble()));
    }

    [Fact]
    public async Task Only_its_owner_sets_it_and_only_for_what_can_show_a_map()
    {
        var (ann, eve) = (await Person("Ann"), await Person("Eve"));
        var (map, watch) = (await Device.Add(City.Host, ann, "owntracks"), await Device.Add(City.Host, ann));
        using (var stranger = await City.Ask(eve, "PATCH", $"users/me/trackers/{map.Id}", On)) await SosServerHost.IsProblem(stranger, 404, "not-found");
        using (var missing = await City.Ask(ann, "PATCH", $"users/me/trackers/{Guid.CreateVersion7()}", On)) await SosServerHost.IsProblem(missing, 404, "not-found");
        using (var unable = await City.Ask(ann, "PATCH", $"users/me/trackers/{watch.Id}", On)) await SosServerHost.IsProblem(unable, 422, "invalid");
        foreach (var bad in new[] { "{}", """{"showsRelatives":"yes"}""", """{"showsRelatives":true,"name":"x"}""", """{"showsRelatives":null}""" })
        {
            using var refused = await City.Ask(ann, "PATCH", $"users/me/trackers/{map.Id}", bad);
            await SosServerHost.IsProblem(refused, 400, "bad-json");
        }

        // Its own token sets nothing.
        using (var itself = await City.Host.Send(HttpMethod.Patch, $"api/v1/users/me/trackers/{map.Id}", On, "Bearer " + map.Token)) Assert.Equal(401, (int)itself.StatusCode);
        Assert.False((await Entry(ann, map)).GetProperty("showsRelatives").GetBoolean());
        Assert.False((await Entry(ann, watch)).GetProperty("showsRelatives").GetBoolean());
    }

    [Fact]
    public async Task A_call_for_help_is_answered_without_anybody_and_no_trouble_with_relatives_loses_a_message()
    {
        var (ann, ben, _) = await Pair("Ben");
        var map = await Device.Add(City.Host, ann, "owntracks");
        await Show(ann, map);
        await Report(ben, 40.1313);
        town.Trouble.Fails = true;
        try
        {
            Assert.Empty(await At(map));
            Assert.Equal(0, (await Device.Taken(map.OwnTracks(RealMessages.OwnTracks(City.Host.Time.GetUtcNow(), 40.12, -75.34, ",\"tag\":\"sos\"")))).GetArrayLength());
        }
        finally
        {
            town.Trouble.Fails = false;
        }

        var alert = Guid.Empty;
        await City.Until("her alert is there", async () => (await City.Done(ann, "GET", "alerts")).GetProperty("alerts") is var alerts && alerts.GetArrayLength() == 1 && alerts[0].TryGetProperty("id", out var id) && id.TryGetGuid(out alert));
        City.Host.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Empty(await At(map, ",\"poi\":\"sos\""));
        Assert.Equal(2, (await At(map)).Count);
        await City.Done(ann, "POST", $"alerts/{alert}/cancel", "{}");
    }

    private const string On = """{"showsRelatives":true}""";

    private static Dictionary<Guid, string> Phones { get; } = [];

    private static string Type(JsonElement message) => message.GetProperty("_type").GetString()!;

    private async Task<SessionAnswer> Person(string name)
    {
        var number = Interlocked.Increment(ref _people);
        var session = await City.Host.SignIn(number);
        await City.Done(session, "PATCH", "users/me", $$"""{"fullName":"{{name}}"}""");
        Phones[session.User!.Id] = TestNumbers.Number(9, number);
        return session;
    }

    /// <summary>Ann has added somebody who has agreed and shows himself to her; she does not show herself.</summary>
    private async Task<(SessionAnswer Ann, SessionAnswer Ben, Guid Relation)> Pair(string name, string precision = "exact")
    {
        var (ann, ben) = (await Person("Ann"), await Person(name));
        var added = await City.Done(ann, "POST", "relatives/add", $$"""{"phoneNumber":"{{Phones[ben.User!.Id]}}","name":"{{name}}"}""");
        var invitations = new JsonElement();
        await City.Until("he is asked", async () => (invitations = (await City.Done(ben, "GET", "relatives/invitations")).GetProperty("invitations")).GetArrayLength() == 1);
        var accepted = await City.Done(ben, "POST", $"relatives/invitations/{invitations[0].GetProperty("id").GetGuid()}/accept", "{}");
        await City.Done(ben, "PUT", $"relatives/{accepted.GetProperty("relative").GetProperty("id").GetGuid()}/sharing", $$"""{"enabled":true,"precision":"{{precision}}"}""");
        await City.Done(ben, "POST", "relatives/toggle-sharing", """{"enabled":true}""");
        await City.Until("both know", async () => (await City.Done(ann, "GET", "relatives")).GetProperty("relatives")[0].GetProperty("state").GetString() == "active");
        return (ann, ben, added.GetProperty("relative").GetProperty("id").GetGuid());
    }

    private async Task Report(SessionAnswer who, double latitude) =>
        (await City.Ask(who, "POST", "users/me/position", string.Create(CultureInfo.InvariantCulture, $$"""{"latitude":{{latitude}},"longitude":-75.34,"accuracy":5}"""))).Dispose();

    private Task<JsonElement> Show(SessionAnswer owner, Device device, bool shows = true) =>
        City.Done(owner, "PATCH", $"users/me/trackers/{device.Id}", shows ? On : """{"showsRelatives":false}""");

    private async Task<JsonElement> Entry(SessionAnswer owner, Device device) =>
        (await City.Done(owner, "GET", "users/me/trackers")).GetProperty("items").EnumerateArray().Single(one => one.GetProperty("id").GetGuid() == device.Id);

    private async Task<List<JsonElement>> At(Device device, string more = "") =>
        [.. (await Device.Taken(device.OwnTracks(RealMessages.OwnTracks(City.Host.Time.GetUtcNow(), 40.5, -75.34, more)))).EnumerateArray()];

    // The letters of each relation are its own; everything else is compared byte for byte.
    private async Task<string> Whole(Device device)
    {
        using var answer = await device.OwnTracks(RealMessages.OwnTracks(City.Host.Time.GetUtcNow(), 40.5));
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "RateLimit")).Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order();
        return Own().Replace($"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n\n{await answer.Content.ReadAsStringAsync()}", "…");
    }

    [GeneratedRegex("[0-9a-f]{12}")]
    private static partial Regex Own();

    /// <summary>A city in which relatives can be made not to answer.</summary>
    public sealed class Town : IAsyncLifetime
    {
        public AlertCity City { get; } = new();

        internal Trouble Trouble { get; } = new();

        public ValueTask InitializeAsync() => City.Start(services => services.AddSingleton<IIncomingGrainCallFilter>(Trouble));

        public ValueTask DisposeAsync() => City.DisposeAsync();
    }

    /// <summary>Fails what is asked of relatives.</summary>
    internal sealed class Trouble : IIncomingGrainCallFilter
    {
        public volatile bool Fails;

        public Task Invoke(IIncomingGrainCallContext context) =>
            Fails && context.InterfaceMethod.DeclaringType == typeof(IRelativesGrain) && context.InterfaceMethod.Name == nameof(IRelativesGrain.List) ? throw new TimeoutException("Relatives do not answer.") : context.Invoke();
    }
}
