using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sos.Server.Privacy;
using Sos.Server.Tests.Alerts;
using Sos.Server.Tests.Alerts.Media;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Privacy;

/// <summary>A closed alert in a file that a court or an insurer can check without the service.</summary>
public sealed class EvidenceTests(AlertCity city) : IClassFixture<AlertCity>
{
    private const string Manifest = "manifest.json";
    private const string Signature = "manifest.sig";
    private const string PublicKey = "public-key.pem";

    private string ServiceKey => city.Host.Services.GetRequiredService<TombstoneKey>().PublicPem;

    [Fact]
    public async Task It_holds_her_alert_as_she_sees_it_and_nothing_of_others()
    {
        var (victim, alert) = await Over();
        using var answer = await city.Ask(victim, "GET", $"alerts/{alert}/evidence");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal($"alert-{alert:N}.zip", answer.Content.Headers.ContentDisposition?.FileName);
        Assert.Contains("no-store", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        var files = Unzip(await answer.Content.ReadAsByteArrayAsync());
        string[] texts = ["alert.json", "events.json", "how-to-check.txt", Manifest, Signature, PublicKey, "track.json"];
        var media = files.Keys.Except(texts).Order(StringComparer.Ordinal).ToList();
        Assert.Equal([".jpg", ".png"], media.Select(Path.GetExtension).Order(StringComparer.Ordinal));
        Assert.All(media, name => Assert.StartsWith("attachments/", name, StringComparison.Ordinal));
        Assert.Equal(texts.Length + media.Count, files.Count);

        using var track = JsonDocument.Parse(files["track.json"]);
        Assert.Contains(track.RootElement.EnumerateArray(), fix => fix.GetRawText().Contains("40.1234", StringComparison.Ordinal));
        using var events = JsonDocument.Parse(files["events.json"]);
        Assert.Equal(["raised", "accepted", "resolved"], events.RootElement.EnumerateArray().Select(e => e.GetProperty("kind").GetString()).Where(kind => kind is "raised" or "accepted" or "resolved"));
        using var manifest = JsonDocument.Parse(files[Manifest]);
        Assert.Equal("sos-evidence-1", manifest.RootElement.GetProperty("format").GetString());
        Assert.Equal("sos-orleans", manifest.RootElement.GetProperty("issuer").GetString());
        Assert.Equal(alert, manifest.RootElement.GetProperty("alertId").GetGuid());
        Assert.Equal("resolved", manifest.RootElement.GetProperty("status").GetString());
        Assert.True(manifest.RootElement.GetProperty("madeAt").GetDateTimeOffset() >= manifest.RootElement.GetProperty("closedAt").GetDateTimeOffset());
        Assert.Equal(0, manifest.RootElement.GetProperty("missing").GetArrayLength());

        var whole = string.Join('\n', files.Values.Select(Encoding.UTF8.GetString));
        Assert.All(["the left door", "Anna", alert.ToString()], hers => Assert.Contains(hers, whole, StringComparison.Ordinal));
        string[] never =
        [
            "she is near", "over and out", "canary of staff", "\"blob\"",
            .. new[] { city.Rescuer, city.Unasked, city.Operator, city.OperatorElsewhere, city.Admin }.Select(other => other.User!.Id.ToString()),
        ];
        Assert.All(never, canary => Assert.DoesNotContain(canary, whole, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task It_can_be_checked_with_the_public_key_alone_and_no_change_passes()
    {
        var (victim, alert) = await Over();
        var files = await Evidence(victim, alert);
        Assert.True(Verifies(files, ServiceKey));

        foreach (var (name, content) in files)
        {
            var changed = content.ToArray();
            changed[changed.Length / 2] ^= 1;
            Assert.False(Verifies(new(files) { [name] = changed }, ServiceKey), name);
            Assert.False(Verifies(new(files) { [name] = [.. content, 0] }, ServiceKey), name);
            var without = new Dictionary<string, byte[]>(files);
            without.Remove(name);
            Assert.False(Verifies(without, ServiceKey), name);
        }

        Assert.False(Verifies(new(files) { ["attachments/another.jpg"] = [1] }, ServiceKey));
        // All of it made anew by somebody with another key.
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = new Dictionary<string, byte[]>(files)
        {
            [Signature] = forger.SignData(files[Manifest], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            [PublicKey] = Encoding.ASCII.GetBytes(forger.ExportSubjectPublicKeyInfoPem() + "\n"),
        };
        Assert.False(Verifies(forged, ServiceKey));
    }

    [Fact]
    public async Task Her_alert_is_offered_when_it_is_closed_and_not_while_it_is_open_and_to_nobody_else()
    {
        var victim = await city.Person();
        var alert = (await city.Press(victim)).GetProperty("id").GetGuid();
        await city.Accept(alert);
        using (var early = await city.Ask(victim, "GET", $"alerts/{alert}/evidence"))
        {
            await SosServerHost.IsProblem(early, 409, "illegal-move");
            Assert.Equal("accepted", (await SosServerHost.Json(early)).GetProperty("state").GetString());
        }

        Assert.False((await city.Done(victim, "GET", $"alerts/{alert}")).TryGetProperty("evidenceUntil", out _));
        await city.Close(alert);
        JsonElement until = default;
        await city.Until("the file is offered", async () => (await city.Done(victim, "GET", $"alerts/{alert}")).TryGetProperty("evidenceUntil", out until));
        var view = await city.Done(victim, "GET", $"alerts/{alert}");
        Assert.Equal(view.GetProperty("closedAt").GetDateTimeOffset().AddDays(7), until.GetDateTimeOffset());
        Assert.False((await city.Done(city.Operator, "GET", $"alerts/{alert}")).TryGetProperty("evidenceUntil", out _));

        foreach (var other in new[] { city.Rescuer, city.Operator, city.Admin, await city.Person() })
        {
            using var refused = await city.Ask(other, "GET", $"alerts/{alert}/evidence");
            await SosServerHost.IsProblem(refused, 404, "not-found");
        }

        using var sos = await city.Host.Send(HttpMethod.Get, $"api/v1/alerts/{alert}/evidence", (string?)null, "Sos " + victim.SosCredential);
        Assert.Equal(HttpStatusCode.Unauthorized, sos.StatusCode);
    }

    [Fact]
    public async Task A_photo_that_cannot_be_read_is_named_as_missing_and_the_rest_is_signed()
    {
        var (victim, alert) = await Over();
        foreach (var stored in Directory.GetFiles(Path.Combine(city.Host.DataDirectory, "attachments", alert.ToString("N"))).Take(1))
        {
            var content = await File.ReadAllBytesAsync(stored);
            content[^1] ^= 1;
            await File.WriteAllBytesAsync(stored, content);
        }

        var files = await Evidence(victim, alert);
        Assert.True(Verifies(files, ServiceKey));
        using var manifest = JsonDocument.Parse(files[Manifest]);
        var missing = Assert.Single(manifest.RootElement.GetProperty("missing").EnumerateArray()).GetString();
        Assert.DoesNotContain(missing!, files.Keys);
        Assert.Single(files.Keys, name => name.StartsWith("attachments/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_photo_that_was_changed_behind_its_beginning_cuts_the_file_off_before_it_is_signed()
    {
        var (victim, alert) = await Over(withLargePhoto: true);
        var stored = Directory.GetFiles(Path.Combine(city.Host.DataDirectory, "attachments", alert.ToString("N"))).MaxBy(path => new FileInfo(path).Length)!;
        var content = await File.ReadAllBytesAsync(stored);
        Assert.True(content.Length > 128 * 1024);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(stored, content);
        await Assert.ThrowsAsync<HttpRequestException>(() => city.Ask(victim, "GET", $"alerts/{alert}/evidence"));

        content[^1] ^= 1;
        await File.WriteAllBytesAsync(stored, content);
        Assert.True(Verifies(await Evidence(victim, alert), ServiceKey));
    }

    /// <summary>An alert that somebody came to, with a way, photos of both and notes of staff; it is closed.</summary>
    private async Task<(SessionAnswer Victim, Guid Alert)> Over(bool withLargePhoto = false)
    {
        var victim = await city.Person();
        var alert = (await city.Done(victim, "POST", "alerts", $$"""{"kind":"medical","position":{{AlertCity.Here}},"note":"the left door"}""")).GetProperty("id").GetGuid();
        await city.Accept(alert);
        await city.Host.Attach(victim, alert);
        await city.Host.Attach(city.Rescuer, alert, "image/png");
        if (withLargePhoto)
        {
            // More of the picture's own data, up to several chunks of the stored file.
            var photo = SampleMedia.Jpeg();
            var end = photo.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x3F, 0xFF, 0xD9]);
            using var taken = await city.Host.Upload("Bearer " + victim.AccessToken, alert, [.. photo[..end], .. Enumerable.Repeat((byte)0x3F, 200 * 1024), .. photo[end..]]);
            Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        }

        await city.Done(victim, "POST", $"alerts/{alert}/position", """{"latitude":40.1234,"longitude":-75.34,"accuracy":10}""");
        await city.Until("the way is kept", async () => (await city.Done(city.Operator, "GET", $"alerts/{alert}/track")).GetRawText().Contains("40.1234", StringComparison.Ordinal));
        await city.Done(city.Operator, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"note","reason":"canary of staff"}""");
        await city.Done(city.Operator, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"close","reason":"over and out"}""");
        return (victim, alert);
    }

    private async Task<Dictionary<string, byte[]>> Evidence(SessionAnswer victim, Guid alert)
    {
        using var answer = await city.Ask(victim, "GET", $"alerts/{alert}/evidence");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Unzip(await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>What a court does: the key is the service's, the manifest is signed with it, and the files are those that it names.</summary>
    private static bool Verifies(Dictionary<string, byte[]> files, string serviceKey)
    {
        if (!files.TryGetValue(Manifest, out var manifest) || !files.TryGetValue(Signature, out var signature) || !files.TryGetValue(PublicKey, out var pem)) return false;
        if (Encoding.UTF8.GetString(pem) != serviceKey + "\n") return false;
        using var key = ECDsa.Create();
        key.ImportFromPem(serviceKey);
        if (!key.VerifyData(manifest, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)) return false;
        using var json = JsonDocument.Parse(manifest);
        var named = json.RootElement.GetProperty("files").EnumerateArray().ToDictionary(file => file.GetProperty("name").GetString()!);
        return named.Keys.ToHashSet().SetEquals(files.Keys.Except([Manifest, Signature, PublicKey]))
            && named.All(file => file.Value.GetProperty("length").GetInt64() == files[file.Key].Length
                && file.Value.GetProperty("sha256").GetString() == Convert.ToHexStringLower(SHA256.HashData(files[file.Key])));
    }

    private static Dictionary<string, byte[]> Unzip(byte[] content)
    {
        using var zip = new ZipArchive(new MemoryStream(content));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var plain = new MemoryStream();
            using (var packed = entry.Open()) packed.CopyTo(plain);
            return plain.ToArray();
        });
    }
}
