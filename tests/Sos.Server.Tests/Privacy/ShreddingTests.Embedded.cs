using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Sos.Server.Tests.Privacy;

/// <summary>R-21: what was destroyed is in no file any more. On a cluster the same grains do it; what PostgreSQL keeps is in docs/privacy.md.</summary>
public sealed class ShreddingTests
{
    private static readonly string[] Canaries = ["ytterbium", "48.123457", "16.765432"];

    [Fact]
    public async Task R_21_after_the_purge_no_byte_of_the_key_and_no_canary_is_in_any_file_of_the_data_folder()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        var person = await server.SignIn(1);
        var alert = Guid.CreateVersion7();
        await Done(server, HttpMethod.Post, "alerts", $$"""{"id":"{{alert}}","kind":"medical","position":{"latitude":48.123457,"longitude":16.765432},"note":"behind the ytterbium door"}""", "Bearer " + person.AccessToken);
        await Done(server, HttpMethod.Post, "admin/actions", $$"""{"alertId":"{{alert}}","action":"close","reason":"the ytterbium door was open"}""", "Bearer " + admin.AccessToken);
        await server.Stop();

        var (wrapped, secret) = await StoredKey.Of(server.DataDirectory, "sos.alert", alert, "alert");
        Assert.Contains(StoredKey.Files(server.DataDirectory), file => StoredKey.Lies(file.Content, wrapped));
        Assert.DoesNotContain(StoredKey.Files(server.DataDirectory), file => StoredKey.Lies(file.Content, secret));

        await server.Start();
        var credential = "Sos " + person.SosCredential;
        using (var before = await server.Send(HttpMethod.Get, $"api/v1/alerts/{alert}", (string?)null, credential)) Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        server.Time.Advance(TimeSpan.FromDays(7));
        await Until(server, $"alerts/{alert}", credential, HttpStatusCode.Gone);
        await server.Stop();

        StoredKey.IsNowhere(server.DataDirectory, wrapped, secret, Canaries);
    }

    [Fact]
    public async Task What_is_gone_is_410_for_who_could_see_it_and_404_for_everybody_else()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        var person = await server.SignIn(1);
        var alert = Guid.CreateVersion7();
        await Done(server, HttpMethod.Patch, "users/me/privacy", """{"eraseAtClose":true}""", "Bearer " + person.AccessToken);
        await Done(server, HttpMethod.Post, "alerts", $$"""{"id":"{{alert}}","kind":"medical"}""", "Bearer " + person.AccessToken);
        using (var early = await server.Send(HttpMethod.Put, $"api/v1/alerts/{alert}/hold", """{"days":30}""", "Bearer " + person.AccessToken)) await SosServerHost.IsProblem(early, 409, "illegal-move");
        using (var none = await server.Send(HttpMethod.Get, $"api/v1/alerts/{alert}/tombstone", (string?)null, "Bearer " + person.AccessToken)) await SosServerHost.IsProblem(none, 404, "not-found");
        await Done(server, HttpMethod.Post, $"alerts/{alert}/cancel", "{}", "Bearer " + person.AccessToken);
        await Until(server, $"alerts/{alert}", "Sos " + person.SosCredential, HttpStatusCode.Gone);

        (person, admin) = (await server.SignIn(1), await Again(server, 0, admin));
        var stranger = await server.SignIn(2);
        (HttpMethod Method, string Path, string? Body)[] routes =
        [
            (HttpMethod.Get, "", null),
            (HttpMethod.Get, "/events", null),
            (HttpMethod.Patch, "", """{"note":"more"}"""),
            (HttpMethod.Post, "/cancel", "{}"),
            (HttpMethod.Put, "/hold", """{"days":30}"""),
            (HttpMethod.Delete, "/hold", null),
        ];
        foreach (var (method, path, body) in routes)
        {
            using (var own = await server.Send(method, $"api/v1/alerts/{alert}{path}", body, "Bearer " + person.AccessToken)) await SosServerHost.IsProblem(own, 410, "erased");
            using var foreign = await server.Send(method, $"api/v1/alerts/{alert}{path}", body, "Bearer " + stranger.AccessToken);
            await SosServerHost.IsProblem(foreign, 404, "not-found");
        }

        foreach (var path in new[] { "track", "candidates/1" })
        {
            using var staff = await server.Send(HttpMethod.Get, $"api/v1/alerts/{alert}/{path}", (string?)null, "Bearer " + admin.AccessToken);
            await SosServerHost.IsProblem(staff, 410, "erased");
        }

        using (var foreign = await server.Send(HttpMethod.Get, $"api/v1/alerts/{alert}/tombstone", (string?)null, "Bearer " + stranger.AccessToken)) await SosServerHost.IsProblem(foreign, 404, "not-found");
        var tombstone = await Done(server, HttpMethod.Get, $"alerts/{alert}/tombstone", null, "Bearer " + person.AccessToken);
        using var key = ECDsa.Create();
        key.ImportFromPem(tombstone.GetProperty("publicKey").GetString());
        Assert.True(key.VerifyData(
            Encoding.UTF8.GetBytes(tombstone.GetProperty("content").GetString()!),
            Identity.TokenForge.Decode(tombstone.GetProperty("signature").GetString()!),
            HashAlgorithmName.SHA256));
        Assert.Contains(alert.ToString(), tombstone.GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"days":0}""", 422)]
    [InlineData("""{"days":91}""", 422)]
    [InlineData("""{"days":-5}""", 422)]
    [InlineData("""{"days":"x"}""", 400)]
    [InlineData("""[]""", 400)]
    public async Task A_hold_of_no_good_length_is_refused(string body, int status)
    {
        await using var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        using var answer = await server.Send(HttpMethod.Put, $"api/v1/alerts/{Guid.CreateVersion7()}/hold", body, "Bearer " + person.AccessToken);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var anonymous = await server.Send(HttpMethod.Put, $"api/v1/alerts/{Guid.CreateVersion7()}/hold", body, null);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    // The administrator's token has ended with the clock; her number signs in again.
    private static async Task<TestKit.Client.SessionAnswer> Again(SosServerHost server, int person, TestKit.Client.SessionAnswer before)
    {
        var after = await server.SignIn(person);
        Assert.Equal(before.User!.Id, after.User!.Id);
        return after;
    }

    private static async Task<System.Text.Json.JsonElement> Done(SosServerHost server, HttpMethod method, string path, string? body, string authorization)
    {
        using var answer = await server.Send(method, "api/v1/" + path, body, authorization);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }

    /// <summary>Moves the clock a minute at a time until a route answers so; fails after a day of the clock.</summary>
    private static async Task Until(SosServerHost server, string path, string authorization, HttpStatusCode status)
    {
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            using (var answer = await server.Send(HttpMethod.Get, "api/v1/" + path, (string?)null, authorization))
            {
                if (answer.StatusCode == status) return;
            }

            server.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Fail($"{path} never answered {(int)status}");
    }
}
