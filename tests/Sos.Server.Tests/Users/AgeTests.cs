using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Sos.Server.Tests.Identity;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Users;

public sealed class AgeTests : IAsyncLifetime
{
    private const string Mother = "+15558880002";
    private const string Application = """{"capabilities":["medical"],"displayName":"Ada","credentials":[]}""";
    private const string Texting = """{"watching":true,"mode":"notify_contact"}""";
    private SosServerHost _server = null!;
    private SessionAnswer _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start("--Sos:PublicAddress=https://sos.example.org/", "--Sos:Users:AgeOfConsent=14");
        _ada = await _server.SignIn(1);
        await Done("PATCH", "users/me", """{"fullName":"Ada Lovelace"}""");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Nobody_who_has_not_answered_or_is_of_age_is_held_up()
    {
        var asked = await Done("GET", "users/me/age");
        Assert.Equal((14, true, false), (asked.GetProperty("ageOfConsent").GetInt32(), asked.GetProperty("mayShare").GetBoolean(), asked.TryGetProperty("isOfAge", out _)));
        await Done("POST", "responders/me/application", Application);
        await Done("PUT", "users/me/age", """{"isOfAge":true}""");
        await Done("POST", "responders/me/application", Application);
        await Done("PATCH", "users/me/zones", Texting);
        await SosServerHost.IsProblem(await As("PUT", "users/me/guardian", Guardian()), 409, "illegal-move");
    }

    [Fact]
    public async Task Under_age_what_shares_a_position_is_closed_until_a_guardian_agrees_and_again_when_she_takes_it_back()
    {
        var app = await AppFlow.Register(_server, await _server.SignIn(2));
        var tokens = await app.LetIn(_ada, "profile:read");
        await Done("PUT", "users/me/age", """{"isOfAge":false}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await AppStatus(tokens.AccessToken));
        await IsOpen(false, app);

        await Done("PUT", "users/me/guardian", Guardian());
        await IsOpen(false, app);
        var token = await Link();
        var question = await Json(await Post("", token), 200);
        Assert.Equal(["ageOfConsent", "answer", "firstName", "wording"], question.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal("Ada", question.GetProperty("firstName").GetString());
        await SosServerHost.IsProblem(await Post("/answer", token, ",\"accepts\":true,\"wording\":0"), 409, "illegal-move");
        await IsOpen(false, app);
        await Json(await Post("/answer", token, ",\"accepts\":true,\"wording\":1"), 200);
        var guardian = (await Done("GET", "users/me/age")).GetProperty("guardian");
        Assert.Equal(("accepted", 1, Mother), (guardian.GetProperty("answer").GetString(), guardian.GetProperty("wording").GetInt32(), guardian.GetProperty("phone").GetString()));
        Assert.Contains(await Messages(TestNumbers.Number(9, 1)), body => body.StartsWith("Your parent or guardian has answered", StringComparison.Ordinal));
        await IsOpen(true, app);

        tokens = await app.LetIn(_ada, "profile:read");
        Assert.Equal(HttpStatusCode.OK, await AppStatus(tokens.AccessToken));
        await Json(await Post("/answer", token, ",\"accepts\":false,\"wording\":1"), 200);
        Assert.Equal(HttpStatusCode.Unauthorized, await AppStatus(tokens.AccessToken));
        await IsOpen(false, app);
    }

    [Fact]
    public async Task Everything_around_an_emergency_works_for_somebody_under_age_whose_guardian_has_refused()
    {
        await Done("PUT", "users/me/age", """{"isOfAge":false}""");
        await Done("PUT", "users/me/guardian", Guardian());
        await Json(await Post("/answer", await Link(), ",\"accepts\":false,\"wording\":1"), 200);
        await Done("POST", "users/me/contacts", """{"name":"Grace","phone":"+15558880003"}""");
        await Done("PATCH", "users/me/zones", """{"watching":true,"mode":"notify_only"}""");
        await Done("POST", "users/me/position", """{"latitude":48.2,"longitude":16.37}""", 202);
        var id = Guid.CreateVersion7();
        await Done("POST", "alerts", $$"""{"id":"{{id}}","kind":"safety","holdSeconds":0,"position":{"latitude":48.2,"longitude":16.37} }""", 201);
        await Done("POST", $"alerts/{id}/position", """{"latitude":48.21,"longitude":16.37}""");
        await Done("GET", $"alerts/{id}");
        await Done("POST", $"alerts/{id}/cancel", "{}");
    }

    [Fact]
    public async Task A_text_to_a_contact_about_a_zone_waits_for_consent_also_where_she_asks_for_it_herself()
    {
        const string grace = "+15558880003";
        var contact = (await Done("POST", "users/me/contacts", $$"""{"name":"Grace","phone":"{{grace}}"}""")).GetProperty("id").GetString();
        var link = (await Messages(grace))[0].Split("https://sos.example.org/contact#")[1];
        using (var agreed = await _server.Send(HttpMethod.Post, "api/v1/contact-links/answer", $$"""{"token":"{{link}}","accepts":true}""")) Assert.Equal(HttpStatusCode.OK, agreed.StatusCode);
        await Done("PUT", "users/me/age", """{"isOfAge":false}""");
        var notify = $$"""{"contact_id":"{{contact}}","type":"red_zone_alert","latitude":48.2,"longitude":16.37}""";
        await SosServerHost.IsProblem(await As("POST", "contact/notify", notify), 403, "guardian-needed");
        Assert.Single(await Messages(grace));
        await Done("PUT", "users/me/guardian", Guardian());
        await Json(await Post("/answer", await Link(), ",\"accepts\":true,\"wording\":1"), 200);
        await Done("POST", "contact/notify", notify);
    }

    [Fact]
    public async Task A_responder_who_says_that_she_is_under_age_is_off_duty_and_stays_so_until_a_guardian_agrees()
    {
        var admin = await _server.Bootstrap();
        await Done("POST", "responders/me/application", Application);
        using (var cleared = await _server.Send(HttpMethod.Post, $"api/v1/admin/responders/{_ada.User!.Id}", """{"cleared":true,"capabilities":["medical"],"displayName":"Ada","revision":1}""", "Bearer " + admin.AccessToken))
            Assert.True(cleared.StatusCode == HttpStatusCode.OK, await cleared.Content.ReadAsStringAsync());
        await Done("PUT", "responders/me", """{"onDuty":true}""");
        await Done("PUT", "users/me/age", """{"isOfAge":false}""");
        Assert.False((await Done("GET", "responders/me")).GetProperty("onDuty").GetBoolean());
        await SosServerHost.IsProblem(await As("PUT", "responders/me", """{"onDuty":true}"""), 403, "guardian-needed");
        await Done("PUT", "responders/me", """{"onDuty":false}""");
        await Done("PUT", "users/me/guardian", Guardian());
        await Json(await Post("/answer", await Link(), ",\"accepts\":true,\"wording\":1"), 200);
        await Done("PUT", "responders/me", """{"onDuty":true}""");
        await Done("DELETE", "users/me/guardian", null, 204);
        Assert.False((await Done("GET", "responders/me")).GetProperty("onDuty").GetBoolean());
    }

    [Fact]
    public async Task A_guardians_link_and_a_contacts_link_open_nothing_of_each_other_and_a_removed_guardian_sees_nothing()
    {
        await Done("PUT", "users/me/age", """{"isOfAge":false}""");
        await Done("PUT", "users/me/guardian", Guardian());
        var token = await Link();
        foreach (var path in new[] { "invitation", "alert" })
            await SosServerHost.IsProblem(await _server.Send(HttpMethod.Post, "api/v1/contact-links/" + path, $$"""{"token":"{{token}}"}"""), 404, "not-found");
        foreach (var wrong in new[] { "", "x", token[..^1] + (token[^1] == 'A' ? 'Q' : 'A'), token + "AAAA", new string('A', 64) })
        {
            await SosServerHost.IsProblem(await Post("", wrong), 404, "not-found");
            await SosServerHost.IsProblem(await Post("/answer", wrong, ",\"accepts\":true,\"wording\":1"), 404, "not-found");
        }

        await Done("DELETE", "users/me/guardian", null, 204);
        await SosServerHost.IsProblem(await Post("", token), 404, "not-found");
        await SosServerHost.IsProblem(await Post("/answer", token, ",\"accepts\":true,\"wording\":1"), 404, "not-found");
        await SosServerHost.IsProblem(await As("PUT", "users/me/guardian", Guardian()), 429, "too-many-requests");
        Assert.Single(await Messages(Mother));
    }

    [Fact]
    public async Task What_is_no_answer_or_no_number_is_refused_and_of_age_is_not_tried_out()
    {
        await SosServerHost.IsProblem(await As("PUT", "users/me/age", "{}"), 400, "bad-json");
        await SosServerHost.IsProblem(await As("PUT", "users/me/age", """{"isOfAge":15}"""), 400, "bad-json");
        await Done("PUT", "users/me/age", """{"isOfAge":false}""");
        await SosServerHost.IsProblem(await As("PUT", "users/me/age", """{"isOfAge":true}"""), 429, "too-many-requests");
        await SosServerHost.IsProblem(await As("PUT", "users/me/guardian", """{"phone":"12"}"""), 422, "invalid");
        await SosServerHost.IsProblem(await As("PUT", "users/me/guardian", $$"""{"phone":"{{TestNumbers.Number(9, 1)}}"}"""), 422, "invalid");
        _ada = await _server.SignIn(2);
        await Done("PUT", "users/me/age", """{"isOfAge":false}""");
        await SosServerHost.IsProblem(await As("PUT", "users/me/guardian", Guardian()), 422, "invalid");
        Assert.Empty(await Messages(Mother));
    }

    [Fact]
    public async Task Answer_and_guardian_are_in_the_copy()
    {
        await Done("PUT", "users/me/age", """{"isOfAge":false}""");
        await Done("PUT", "users/me/guardian", Guardian());
        using var answer = await As("GET", "users/me/export");
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        using var file = JsonDocument.Parse(await zip.GetEntry("contacts.json")!.OpenAsync());
        var age = file.RootElement.GetProperty("age");
        Assert.Equal((false, Mother), (age.GetProperty("isOfAge").GetBoolean(), age.GetProperty("guardian").GetProperty("phone").GetString()));
    }

    private static string Guardian() => $$"""{"phone":"{{Mother}}"}""";

    private async Task IsOpen(bool open, AppFlow app)
    {
        foreach (var answer in new[] { await As("POST", "responders/me/application", Application), await As("PATCH", "users/me/zones", Texting), await app.Authorize(_ada, app.Consent("profile:read")) })
        {
            if (open) await Json(answer, 200);
            else await SosServerHost.IsProblem(answer, 403, "guardian-needed");
        }
    }

    private async Task<HttpStatusCode> AppStatus(string accessToken)
    {
        using var answer = await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + accessToken);
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> As(string method, string path, string? body = null) => _server.Send(new HttpMethod(method), "api/v1/" + path, body, "Bearer " + _ada.AccessToken);

    private async Task<JsonElement> Done(string method, string path, string? body = null, int status = 200)
    {
        var answer = await As(method, path, body);
        if (status is 200) return await Json(answer, status);
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return default;
    }

    private Task<HttpResponseMessage> Post(string path, string token, string more = "") =>
        _server.Send(HttpMethod.Post, "api/v1/contact-links/guardian" + path, $$"""{"token":{{JsonSerializer.Serialize(token)}}{{more}}}""");

    private async Task<string> Link() => Assert.Single(await Messages(Mother)).Split("https://sos.example.org/guardian#")[1];

    private async Task<string[]> Messages(string to)
    {
        using var answer = await _server.Http.GetAsync("dev/messages?to=" + Uri.EscapeDataString(to));
        return [.. (await SosServerHost.Json(answer)).GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("body").GetString()!)];
    }

    private static async Task<JsonElement> Json(HttpResponseMessage answer, int status)
    {
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }
}
