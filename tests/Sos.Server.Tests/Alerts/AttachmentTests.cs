using System.Net;
using System.Text.Json;
using Sos.Server.Tests.Alerts.Media;

namespace Sos.Server.Tests.Alerts;

/// <summary>Photos and recordings of an alert, from the phone to whoever helps.</summary>
public sealed class AttachmentTests(AlertCity city) : IClassFixture<AlertCity>
{
    [Fact]
    public async Task A_photo_reaches_the_victim_the_responder_who_accepted_and_staff_of_the_area_and_nobody_else()
    {
        var (alert, victim) = await Press();
        var early = (await city.Host.Attach(victim, alert)).GetProperty("id").GetGuid();
        using (var asked = await city.Host.AskForUrl("Bearer " + city.Rescuer.AccessToken, alert, early)) await SosServerHost.IsProblem(asked, 404, "not-found");
        await city.Accept(alert);
        var late = (await city.Host.Attach(city.Rescuer, alert, "image/png")).GetProperty("id").GetGuid();
        await city.Host.Attach(city.Operator, alert, "image/webp");

        var kept = await MediaCleanerTests.Clean(SampleMedia.Jpeg());
        foreach (var reader in new[] { victim, city.Rescuer, city.Operator, city.Admin })
        {
            var view = await city.Done(reader, "GET", $"alerts/{alert}");
            Assert.Equal(["image/jpeg", "image/png", "image/webp"], view.GetProperty("attachments").EnumerateArray().Select(a => a.GetProperty("mediaType").GetString()));
            Assert.False(view.GetProperty("attachments")[0].TryGetProperty("blob", out _));
            using var answer = await city.Host.Http.GetAsync(await city.Host.Url(reader, alert, early));
            Assert.Equal(kept, await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.ToString());
        }

        foreach (var stranger in new[] { city.Unasked, city.OperatorElsewhere, await city.Person() })
        {
            foreach (var (id, attachment) in new[] { (alert, early), (alert, late), (Guid.CreateVersion7(), early) })
            {
                using var answer = await city.Host.AskForUrl("Bearer " + stranger.AccessToken, id, attachment);
                await SosServerHost.IsProblem(answer, 404, "not-found");
            }

            using var upload = await city.Host.Upload("Bearer " + stranger.AccessToken, alert, SampleMedia.Jpeg());
            await SosServerHost.IsProblem(upload, 404, "not-found");
        }
    }

    [Fact]
    public async Task Everybody_who_may_have_it_is_told_by_an_event_with_its_number()
    {
        var (alert, victim) = await Press();
        await city.Accept(alert);
        var id = (await city.Host.Attach(victim, alert, "audio/webm")).GetProperty("id").GetGuid();
        foreach (var reader in new[] { victim, city.Rescuer, city.Operator })
        {
            var events = (await city.Done(reader, "GET", $"alerts/{alert}/events")).GetProperty("events").EnumerateArray().ToList();
            var told = Assert.Single(events, e => e.GetProperty("kind").GetString() == "attached");
            Assert.Equal(id, told.GetProperty("attachment").GetGuid());
            Assert.Equal("victim", told.GetProperty("by").GetString());
            Assert.True(told.GetProperty("seq").GetInt64() > 1);
        }

        await city.Until("the responder's inbox says that there is something new", async () =>
            (await city.Done(city.Rescuer, "GET", "responders/me/inbox")).GetRawText().Contains($"\"alertId\":\"{alert}\",", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_SOS_credential_sends_and_reads_what_is_her_own_and_nothing_else()
    {
        var (alert, victim) = await Press();
        using var sent = await city.Host.Upload("Sos " + victim.SosCredential, alert, SampleMedia.Ogg(), "audio/ogg; codecs=opus");
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        var id = (await SosServerHost.Json(sent)).GetProperty("id").GetGuid();
        using var url = await city.Host.AskForUrl("Sos " + victim.SosCredential, alert, id);
        using var read = await city.Host.Http.GetAsync((await SosServerHost.Json(url)).GetProperty("url").GetString());
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);

        await city.Accept(alert);
        using var foreign = await city.Host.Upload("Sos " + city.Rescuer.SosCredential, alert, SampleMedia.Jpeg());
        await SosServerHost.IsProblem(foreign, 404, "not-found");
    }

    [Fact]
    public async Task The_same_upload_again_is_answered_with_what_is_there()
    {
        var (alert, victim) = await Press();
        var key = Guid.CreateVersion7();
        var first = await city.Host.Attach(victim, alert, id: key);
        Assert.Equal(key, first.GetProperty("id").GetGuid());
        using var again = await city.Host.Upload("Bearer " + victim.AccessToken, alert, SampleMedia.Jpeg(), key: key.ToString());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(first.GetRawText(), (await SosServerHost.Json(again)).GetRawText());
        using (var other = await city.Host.Upload("Bearer " + victim.AccessToken, alert, SampleMedia.Png(), "image/png", key.ToString())) await SosServerHost.IsProblem(other, 422, "idempotency-key-reused");
        using (var staff = await city.Host.Upload("Bearer " + city.Operator.AccessToken, alert, SampleMedia.Jpeg(), key: key.ToString())) await SosServerHost.IsProblem(staff, 422, "idempotency-key-reused");
        Assert.Single((await city.Done(victim, "GET", $"alerts/{alert}")).GetProperty("attachments").EnumerateArray());
        Assert.Single(Files(alert));
    }

    [Fact]
    public async Task Fifty_uploads_at_once_are_twenty_and_no_file_is_left_of_the_others()
    {
        var (alert, victim) = await Press();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => city.Host.Upload("Bearer " + victim.AccessToken, alert, SampleMedia.Jpeg())));
        var kept = answers.Count(a => a.StatusCode == HttpStatusCode.Created);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created)) await SosServerHost.IsProblem(refused, 409, "attachments-full");
        Assert.Equal(20, kept);
        Assert.Equal(20, (await city.Done(victim, "GET", $"alerts/{alert}")).GetProperty("attachments").GetArrayLength());
        Assert.Equal(20, Files(alert).Length);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task What_was_refused_gives_its_place_back_at_once()
    {
        var (alert, victim) = await Press();
        for (var i = 0; i < 25; i++)
        {
            using var refused = await city.Host.Upload("Bearer " + victim.AccessToken, alert, "GIF89a"u8.ToArray());
            await SosServerHost.IsProblem(refused, 415, "media-refused");
        }

        for (var i = 0; i < 20; i++) await city.Host.Attach(victim, alert);
        Assert.Equal(20, Files(alert).Length);
    }

    [Fact]
    public async Task A_closed_alert_takes_no_more()
    {
        var (alert, victim) = await Press();
        await city.Close(alert);
        using var answer = await city.Host.Upload("Bearer " + victim.AccessToken, alert, SampleMedia.Jpeg());
        await SosServerHost.IsProblem(answer, 409, "illegal-move");
    }

    [Fact]
    public async Task A_look_of_staff_is_in_the_audit_and_so_is_what_it_adds()
    {
        var (alert, victim) = await Press();
        var id = (await city.Host.Attach(victim, alert)).GetProperty("id").GetGuid();
        await city.Host.Url(city.Operator, alert, id);
        var added = (await city.Host.Attach(city.Operator, alert)).GetProperty("id").GetGuid();
        JsonElement[] entries = [];
        await city.Until("both are in the audit", async () =>
        {
            entries = [.. (await city.Done(city.Admin, "GET", $"admin/audit?subject=alert/{alert}")).GetProperty("items").EnumerateArray()];
            return entries.Any(e => e.GetProperty("act").GetString() == "added_attachment");
        });
        var look = Assert.Single(entries, e => e.GetProperty("act").GetString() == "viewed_attachment");
        Assert.Equal($"attachment/{id}", look.GetProperty("detail").GetString());
        var add = Assert.Single(entries, e => e.GetProperty("act").GetString() == "added_attachment");
        Assert.Equal($"attachment/{added}", add.GetProperty("detail").GetString());
        await city.Close(alert);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/alerts/{alert}/attachments/{id}/url");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + city.Operator.AccessToken);
        using var silent = await city.Host.Http.SendAsync(request);
        await SosServerHost.IsProblem(silent, 422, "reason-required");
    }

    private async Task<(Guid Alert, TestKit.Client.SessionAnswer Victim)> Press()
    {
        var victim = await city.Person();
        return ((await city.Press(victim)).GetProperty("id").GetGuid(), victim);
    }

    private string[] Files(Guid alert) => Directory.GetFiles(Path.Combine(city.Host.DataDirectory, "attachments", alert.ToString("N")));
}
