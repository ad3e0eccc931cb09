using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Alerts;

/// <summary>The press of the SOS button, over HTTP.</summary>
public sealed class PressTests(AlertCity city) : IClassFixture<AlertCity>
{
    [Theory]
    [InlineData("application/json", "{\"position\":{\"latitude\":NaN,\"longitude\":0}}", "position-unreadable")]
    [InlineData("application/json", "{\"position\":{\"latitude\":-75.3,\"longitude\":400}}", "position-impossible")]
    [InlineData("application/json", "{\"kind\":\"fire\",\"kind\":\"medical\"}", "duplicate-members")]
    [InlineData("application/json", "{\"colour\":\"red\"}", "unknown-members")]
    [InlineData("application/json", "{\"kind\":\"fi", "body-truncated")]
    [InlineData("application/json", "", "body-missing")]
    [InlineData("text/plain", "help", "content-type-ignored")]
    [InlineData("multipart/form-data; boundary=x", "--x--", "content-type-ignored")]
    [InlineData("nonsense", "{}", "content-type-ignored")]
    public async Task It_is_taken_whatever_its_form(string mediaType, string body, string warning)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        var alert = await Taken(await city.Person(), content);
        Assert.Contains(warning, Warnings(alert));
    }

    [Fact]
    public async Task Ten_megabytes_are_cut_not_refused()
    {
        var id = Guid.CreateVersion7();
        var body = Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","note":"{{new string('a', 10_000_000)}}"}""");
        var alert = await Taken(await city.Person(), new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });
        Assert.Equal(id, alert.GetProperty("id").GetGuid());
        Assert.Contains("body-cut", Warnings(alert));
    }

    [Fact]
    public async Task A_press_whose_connection_breaks_in_the_middle_is_taken_and_its_repeat_is_merged()
    {
        var victim = await city.Person();
        var body = $$"""{"id":"{{Guid.CreateVersion7()}}","kind":"medical","note":"help"}""";
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(city.Host.Http.BaseAddress!.Host, city.Host.Http.BaseAddress.Port);
            var request = $"POST /api/v1/alerts HTTP/1.1\r\nHost: sos\r\nAuthorization: Bearer {victim.AccessToken}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{body}";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        }

        JsonElement listed = default;
        await city.Until("the alert is there", async () => (listed = (await city.Done(victim, "GET", "alerts")).GetProperty("alerts")).GetArrayLength() == 1);
        var taken = await city.Done(victim, "GET", $"alerts/{listed[0].GetProperty("id").GetGuid()}");
        Assert.Contains("body-truncated", Warnings(taken));
        var repeated = await city.Done(victim, "POST", "alerts", body);
        Assert.Equal(taken.GetProperty("id").GetGuid(), repeated.GetProperty("id").GetGuid());
        Assert.Equal(("medical", "help"), (repeated.GetProperty("kind").GetString(), repeated.GetProperty("note").GetString()![^4..]));
    }

    [Fact]
    public async Task The_same_press_a_hundred_times_over_many_connections_is_one_alert()
    {
        var victim = await city.Person();
        var body = $$"""{"id":"{{Guid.CreateVersion7()}}","kind":"medical","position":{{AlertCity.Here}}}""";
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => city.Ask(victim, "POST", "alerts", body)));
        Assert.Equal(1, answers.Count(a => (int)a.StatusCode == 201));
        Assert.Equal(99, answers.Count(a => (int)a.StatusCode == 200));
        Assert.Single(await Ids(answers));
    }

    [Fact]
    public async Task Presses_at_once_under_ids_of_their_own_are_merged_into_one_alert()
    {
        var victim = await city.Person();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            city.Ask(victim, "POST", "alerts", $$"""{"id":"{{Guid.CreateVersion7()}}","note":"press {{i}}."}""")));
        var id = Assert.Single(await Ids(answers));
        Assert.Equal(1, answers.Count(a => (int)a.StatusCode == 201));
        var note = (await city.Done(victim, "GET", $"alerts/{id}")).GetProperty("note").GetString();
        Assert.All(Enumerable.Range(0, 20), i => Assert.Contains($"press {i}.", note));
    }

    [Fact]
    public async Task After_an_alert_has_closed_the_next_press_is_a_new_one_and_the_old_one_is_replayed_from_its_record()
    {
        var victim = await city.Person();
        var first = $$"""{"id":"{{Guid.CreateVersion7()}}"}""";
        var closed = (await city.Done(victim, "POST", "alerts", first)).GetProperty("id").GetGuid();
        await city.Done(victim, "POST", $"alerts/{closed}/cancel", "{}");
        using var second = await city.Ask(victim, "POST", "alerts", "{}");
        Assert.Equal(201, (int)second.StatusCode);
        var open = (await SosServerHost.Json(second)).GetProperty("id").GetGuid();
        Assert.NotEqual(closed, open);
        Assert.Equal($"/api/v1/alerts/{open}", second.Headers.Location!.ToString());
        Assert.Equal("cancelled", (await city.Done(victim, "POST", "alerts", first)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_key_with_another_body_is_refused_and_the_alert_of_the_first_stands()
    {
        var victim = await city.Person();
        var key = Guid.CreateVersion7().ToString();
        using var first = await Keyed(victim, key, """{"kind":"fire"}""");
        using var same = await Keyed(victim, key, """{"kind":"fire"}""");
        using var other = await Keyed(victim, key, """{"kind":"medical"}""");
        Assert.Equal((201, 200), ((int)first.StatusCode, (int)same.StatusCode));
        await SosServerHost.IsProblem(other, 422, "idempotency-key-reused");
        Assert.Equal($"/api/v1/alerts/{key}", other.Headers.Location!.ToString());
        Assert.Equal("fire", (await city.Done(victim, "GET", $"alerts/{key}")).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_key_that_is_no_uuid_still_makes_the_repeat_harmless_and_a_key_beside_another_id_is_ignored()
    {
        var (victim, second) = (await city.Person(), await city.Person());
        using var first = await Keyed(victim, "\"my press 1\"", "{}");
        using var again = await Keyed(victim, "\"my press 1\"", "{}");
        Assert.Equal((201, 200), ((int)first.StatusCode, (int)again.StatusCode));

        var id = Guid.CreateVersion7();
        using var beside = await Keyed(second, Guid.CreateVersion7().ToString(), $$"""{"id":"{{id}}"}""");
        var alert = await SosServerHost.Json(beside);
        Assert.Equal(id, alert.GetProperty("id").GetGuid());
        Assert.Contains("idempotency-key-ignored", Warnings(alert));
    }

    [Fact]
    public async Task An_id_that_is_somebody_elses_alert_is_changed_and_hers_stays_as_it_was()
    {
        var (owner, other) = (await city.Person(), await city.Person());
        var id = (await city.Press(owner)).GetProperty("id").GetGuid();
        using var answer = await city.Ask(other, "POST", "alerts", $$"""{"id":"{{id}}","note":"mine"}""");
        Assert.Equal(201, (int)answer.StatusCode);
        var alert = await SosServerHost.Json(answer);
        Assert.NotEqual(id, alert.GetProperty("id").GetGuid());
        Assert.Contains("id-changed", Warnings(alert));
        Assert.False((await city.Done(owner, "GET", $"alerts/{id}")).TryGetProperty("note", out _));
        await city.Close(id);
    }

    [Fact]
    public async Task Without_a_position_the_last_known_one_is_used_and_marked()
    {
        var victim = await city.Person();
        using var told = await city.Ask(victim, "POST", "users/me/position", AlertCity.Here);
        Assert.Equal(202, (int)told.StatusCode);
        var alert = await city.Done(victim, "POST", "alerts", "{}");
        Assert.True(alert.GetProperty("position").GetProperty("lastKnown").GetBoolean());
        Assert.Equal(40.12, alert.GetProperty("position").GetProperty("latitude").GetDouble());
        Assert.Contains("position-last-known", Warnings(alert));
        Assert.Contains("position-unknown", Warnings(await city.Done(await city.Person(), "POST", "alerts", "{}")));
    }

    [Fact]
    public async Task The_sos_credential_raises_and_reads_ones_own_alert_and_nothing_else()
    {
        var (victim, credential) = (await city.Person(), "");
        credential = "Sos " + victim.SosCredential;
        using var raised = await city.Host.Send(HttpMethod.Post, "api/v1/alerts", "{}", credential);
        Assert.Equal(201, (int)raised.StatusCode);
        var id = (await SosServerHost.Json(raised)).GetProperty("id").GetGuid();
        using var read = await city.Host.Send(HttpMethod.Get, $"api/v1/alerts/{id}", null, credential);
        Assert.Equal(200, (int)read.StatusCode);

        // The same person's roles do not count with it.
        using var staff = await city.Host.Send(HttpMethod.Get, $"api/v1/alerts/{id}", null, "Sos " + city.Admin.SosCredential);
        Assert.Equal(404, (int)staff.StatusCode);
        using var list = await city.Host.Send(HttpMethod.Get, "api/v1/alerts", null, credential);
        Assert.Equal(401, (int)list.StatusCode);
    }

    private Task<HttpResponseMessage> Keyed(SessionAnswer who, string key, string body)
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/alerts") { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + who.AccessToken);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return city.Host.Http.SendAsync(request);
    }

    private async Task<JsonElement> Taken(SessionAnswer who, HttpContent content)
    {
        using var answer = await city.Host.Send(HttpMethod.Post, "api/v1/alerts", content, "Bearer " + who.AccessToken);
        Assert.True((int)answer.StatusCode == 201, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }

    private static string[] Warnings(JsonElement alert) => [.. alert.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)];

    private static async Task<HashSet<Guid>> Ids(HttpResponseMessage[] answers) =>
        [.. (await Task.WhenAll(answers.Select(SosServerHost.Json))).Select(a => a.GetProperty("id").GetGuid())];
}
