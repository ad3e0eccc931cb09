using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Sos.Server.Hosting.Transfer;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Hosting;

/// <summary>
/// what an earlier version has written is read by this one. Each <c>earlier-data-N.zip</c> is an export with its keys, of made-up people; it is
/// never made again. A version that writes something new adds the next, by the explicit test below.
/// </summary>
public sealed class EarlierDataTests
{
    private const string Note = "behind the blue door";

    [Theory]
    [InlineData(1)]
    public async Task R_20_what_an_earlier_version_has_written_is_read(int version)
    {
        await using var server = await SosServerHost.Start();
        await server.Stop();
        Directory.Delete(server.DataDirectory, recursive: true);
        Directory.CreateDirectory(server.DataDirectory);
        await using (var resource = typeof(EarlierDataTests).Assembly.GetManifestResourceStream($"earlier-data-{version}.zip")!)
        {
            await ZipFile.ExtractToDirectoryAsync(resource, server.DataDirectory);
        }

        if (!OperatingSystem.IsWindows())
        {
            foreach (var key in Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "keys"))) File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await TransferCommand.From(["import", Path.Combine(server.DataDirectory, "all.sos"), $"--Sos:DataDirectory={server.DataDirectory}"])!.Run();
        await server.Start();
        var person = await server.SignIn(1);
        Assert.Equal("Ada Lovelace", (await Get(server, person, "users/me")).GetProperty("fullName").GetString());
        Assert.Contains("Vera", (await Get(server, person, "users/me/contacts")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("+49301110002", (await Get(server, person, "users/me/blocks")).GetRawText(), StringComparison.Ordinal);
        Assert.True((await Get(server, person, "users/me/privacy")).GetProperty("hideRoute").GetBoolean());
        Assert.Equal("Ada", (await Get(server, person, "responders/me")).GetProperty("displayName").GetString());
        var alert = Assert.Single((await Get(server, person, "alerts")).GetProperty("alerts").EnumerateArray()).GetProperty("id").GetGuid();
        Assert.Equal(Note, (await Get(server, person, $"alerts/{alert}")).GetProperty("note").GetString());
        Assert.NotEmpty((await Get(server, person, $"alerts/{alert}/events")).GetProperty("events").EnumerateArray());

        // And written on: the alert is called off, the account changed.
        using (var off = await server.Send(HttpMethod.Post, $"api/v1/alerts/{alert}/cancel", "{}", "Bearer " + person.AccessToken)) Assert.Equal(HttpStatusCode.OK, off.StatusCode);
        using (var renamed = await server.Send(HttpMethod.Patch, "api/v1/users/me", """{"company":"Weir Ltd"}""", "Bearer " + person.AccessToken)) Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
    }

    /// <summary>Writes what this version writes to the file that <c>SOS_EARLIER_DATA</c> names.</summary>
    [Fact(Explicit = true)]
    public async Task This_version_leaves_what_it_writes_to_the_next()
    {
        var target = Environment.GetEnvironmentVariable("SOS_EARLIER_DATA") ?? throw new InvalidOperationException("Set SOS_EARLIER_DATA to the zip that is to be written.");
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        var person = await server.SignIn(1, "her telephone");
        await Send(server, person, HttpMethod.Patch, "users/me", """{"fullName":"Ada Lovelace","language":"de"}""");
        await Send(server, person, HttpMethod.Patch, "users/me/privacy", """{"hideRoute":true}""");
        await Send(server, person, HttpMethod.Post, "users/me/contacts", """{"name":"Vera","phone":"+49301110001","relationship":"sister"}""");
        await Send(server, person, HttpMethod.Post, "users/me/blocks", """{"phone":"+49301110002"}""");
        await Send(server, admin, HttpMethod.Post, $"admin/responders/{person.User!.Id}", """{"cleared":true,"capabilities":["medical"],"displayName":"Ada"}""");
        await Send(server, person, HttpMethod.Post, "alerts", $$"""{"id":"{{Guid.CreateVersion7()}}","kind":"medical","position":{"latitude":48.2,"longitude":16.37},"note":"{{Note}}"}""");
        for (var listed = false; !listed; server.Time.Advance(TimeSpan.FromMilliseconds(50))) listed = (await Get(server, person, "alerts")).GetProperty("alerts").GetArrayLength() == 1;
        await server.Stop();
        using var folder = new TemporaryFolder();
        await TransferCommand.From(["export", Path.Combine(folder.Path, "all.sos"), $"--Sos:DataDirectory={server.DataDirectory}"])!.Run();
        var keys = Directory.CreateDirectory(Path.Combine(folder.Path, "keys"));
        foreach (var key in Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "keys"))) File.Copy(key, Path.Combine(keys.FullName, Path.GetFileName(key)));
        await ZipFile.CreateFromDirectoryAsync(folder.Path, target);
    }

    private static async Task<JsonElement> Get(SosServerHost server, SessionAnswer person, string path)
    {
        using var answer = await server.Send(HttpMethod.Get, "api/v1/" + path, (string?)null, "Bearer " + person.AccessToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await SosServerHost.Json(answer);
    }

    private static async Task Send(SosServerHost server, SessionAnswer person, HttpMethod method, string path, string body)
    {
        using var answer = await server.Send(method, "api/v1/" + path, body, "Bearer " + person.AccessToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode}");
    }
}
