using System.Net;
using Sos.Server.Tests.Alerts.Media;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Alerts;

/// <summary>S-13: an address of an attachment opens that attachment, for its reader, for a while; and no other spelling of it opens anything.</summary>
public sealed class SignedUrlTests(AlertCity city) : IClassFixture<AlertCity>
{
    private const string Path = "/api/v1/files/";

    [Fact]
    public async Task S13_no_change_of_an_address_opens_anything()
    {
        var (alert, victim, photo) = await Photo();
        var url = await city.Host.Url(victim, alert, photo);
        Assert.StartsWith(Path, url, StringComparison.Ordinal);
        Assert.Equal(200, (await city.Host.Raw("GET", url)).Status);
        var ticket = url[Path.Length..];
        var changes = new List<string>();

        // Every character for others, its case, without it, and doubled.
        for (var at = 0; at < ticket.Length; at++)
        {
            foreach (var other in new[] { 'A', '_', Next(ticket[at]), char.IsAsciiLetterLower(ticket[at]) ? char.ToUpperInvariant(ticket[at]) : char.ToLowerInvariant(ticket[at]) }.Distinct())
            {
                if (other != ticket[at]) changes.Add(Path + ticket[..at] + other + ticket[(at + 1)..]);
            }

            changes.Add(Path + ticket.Remove(at, 1));
            changes.Add(Path + ticket.Insert(at, ticket[at].ToString()));
            changes.Add(Path + ticket[..at] + $"%{(int)ticket[at]:X2}" + ticket[(at + 1)..]);
        }

        changes.AddRange(
        [
            "/api/v1/FILES/" + ticket, "/API/v1/files/" + ticket, "/api/v1/files//" + ticket, "//api/v1/files/" + ticket, "/api/v1/./files/" + ticket, "/api/v1/x/../files/" + ticket,
            "/api/v1/files/%2e/" + ticket, "/api/v1%2ffiles/" + ticket, url + "/", url + "/.", url + "?", url + "?x=1", url + "?ticket=" + ticket, url + "=", url + "%20", url + "%00", url + "#x", url + ";v=1",
            "/api/v1/files/" + ticket[..^1], "/api/v1/files/", "/api/v1/files/" + ticket + ticket, "/api/v2/files/" + ticket, "/files/" + ticket, "http://localhost" + url,
            Path + string.Concat(ticket.Reverse()), Path + ticket[70..] + ticket[..70],
        ]);
        var accepted = new List<string>();
        await Parallel.ForEachAsync(changes, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (change, _) =>
        {
            if ((await city.Host.Raw("GET", change)).Status is not (400 or 404 or 405))
            {
                lock (accepted) accepted.Add(change);
            }
        });
        var methods = new[] { "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "PROPFIND" };
        foreach (var method in methods)
        {
            if ((await city.Host.Raw(method, url)).Status is not (400 or 404 or 405)) accepted.Add(method);
        }

        // A header does not make another method of it.
        Assert.Equal(405, (await city.Host.Raw("POST", url, "X-HTTP-Method-Override: GET\r\nContent-Length: 0\r\n")).Status);
        var figures = $"S-13: {changes.Count + methods.Length + 1} changed addresses and methods, {accepted.Count} accepted";
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(accepted.Count == 0, string.Join('\n', accepted));
        Assert.Equal(200, (await city.Host.Raw("GET", url)).Status);
    }

    [Fact]
    public async Task S13_an_address_is_of_one_attachment_of_one_alert()
    {
        var (alert, victim, photo) = await Photo();
        var (other, stranger, theirs) = await Photo();
        foreach (var (id, attachment) in new[] { (alert, theirs), (other, photo), (other, theirs) })
        {
            using var answer = await city.Host.AskForUrl("Bearer " + victim.AccessToken, id, attachment);
            await SosServerHost.IsProblem(answer, 404, "not-found");
        }

        Assert.NotEqual(await city.Host.Url(victim, alert, photo), await city.Host.Url(stranger, other, theirs));
    }

    [Fact]
    public async Task S13_an_address_ends_after_five_minutes_and_with_what_its_reader_may_see()
    {
        var (alert, victim, photo) = await Photo();
        await city.Accept(alert);
        var (own, rescuer) = (await city.Host.Url(victim, alert, photo), await city.Host.Url(city.Rescuer, alert, photo));
        var until = (await SosServerHost.Json(await city.Host.AskForUrl("Bearer " + victim.AccessToken, alert, photo))).GetProperty("expiresAt").GetDateTimeOffset();
        Assert.InRange(until - city.Host.Time.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromMinutes(5));

        // An operator loses her area, then her role: at once.
        var staff = await city.Person();
        await city.Done(city.Admin, "PATCH", $"admin/users/{staff.User!.Id}", $$"""{"roles":["user","operator"],"areas":["{{AlertCity.Area}}"]}""");
        var board = await city.Host.Url(staff, alert, photo);
        Assert.Equal(200, (await city.Host.Raw("GET", board)).Status);
        await city.Done(city.Admin, "PATCH", $"admin/users/{staff.User.Id}", $$"""{"areas":["{{AlertCity.Elsewhere}}"]}""");
        Assert.Equal(404, (await city.Host.Raw("GET", board)).Status);
        await city.Done(city.Admin, "PATCH", $"admin/users/{staff.User.Id}", $$"""{"areas":["{{AlertCity.Area}}"]}""");
        Assert.Equal(200, (await city.Host.Raw("GET", board)).Status);
        await city.Done(city.Admin, "PATCH", $"admin/users/{staff.User.Id}", """{"roles":["user"],"areas":[]}""");
        Assert.Equal(404, (await city.Host.Raw("GET", board)).Status);

        // A responder is no more than anybody else once it is over.
        Assert.Equal(200, (await city.Host.Raw("GET", rescuer)).Status);
        await city.Close(alert);
        Assert.Equal(404, (await city.Host.Raw("GET", rescuer)).Status);

        // A session that has ended takes its addresses along.
        var second = await city.Host.SignIn(900);
        var mine = (await city.Press(second)).GetProperty("id").GetGuid();
        var address = await city.Host.Url(second, mine, (await city.Host.Attach(second, mine)).GetProperty("id").GetGuid());
        Assert.Equal(200, (await city.Host.Raw("GET", address)).Status);
        await city.Done(second, "POST", "auth/logout");
        Assert.Equal(404, (await city.Host.Raw("GET", address)).Status);

        Assert.Equal(200, (await city.Host.Raw("GET", own)).Status);
        city.Host.Time.Advance(until - city.Host.Time.GetUtcNow());
        Assert.Equal(404, (await city.Host.Raw("GET", own)).Status);
    }

    [Fact]
    public async Task S13_it_is_given_out_to_be_kept_and_never_to_run()
    {
        var (alert, victim, photo) = await Photo();
        var url = await city.Host.Url(victim, alert, photo);
        using var answer = await city.Host.Http.GetAsync(url);
        var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        Assert.Equal("nosniff", headers["X-Content-Type-Options"]);
        Assert.Equal($"attachment; filename=\"{photo:N}.jpg\"", headers["Content-Disposition"]);
        Assert.EndsWith("; sandbox", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-referrer", headers["Referrer-Policy"]);
        Assert.Equal("no-store", headers["Cache-Control"]);
        Assert.Equal("none", headers["Accept-Ranges"]);

        // A range is not served: the whole comes, with its whole length.
        var ranged = await city.Host.Raw("GET", url, "Range: bytes=0-9\r\nIf-Range: \"x\"\r\n");
        Assert.Equal(200, ranged.Status);
        Assert.DoesNotContain("Content-Range", ranged.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"Content-Length: {(await MediaCleanerTests.Clean(SampleMedia.Jpeg())).Length}", ranged.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static char Next(char one) => one switch { 'z' => 'a', 'Z' => 'A', '9' => '0', '-' => '0', '_' => '0', _ => (char)(one + 1) };

    private async Task<(Guid Alert, SessionAnswer Victim, Guid Photo)> Photo()
    {
        var victim = await city.Person();
        var alert = (await city.Press(victim)).GetProperty("id").GetGuid();
        return (alert, victim, (await city.Host.Attach(victim, alert)).GetProperty("id").GetGuid());
    }
}
