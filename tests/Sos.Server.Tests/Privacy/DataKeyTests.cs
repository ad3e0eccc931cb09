using System.Net;
using System.Text;
using Sos.Server.Hosting;
using Sos.Server.Privacy;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Privacy;

/// <summary>The keys of the data folder, and what lies in it.</summary>
public sealed class DataKeyTests
{
    private const string Pattern = "data-*.key";

    [Fact]
    public async Task S_15_nothing_personal_lies_in_clear_in_any_file_of_the_data_folder()
    {
        await using var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        var token = "Bearer " + person.AccessToken;
        using (var named = await server.Send(HttpMethod.Patch, "api/v1/users/me", """{"fullName":"Quinta Zebedee"}""", token)) Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        using (var added = await server.Send(HttpMethod.Post, "api/v1/users/me/contacts", """{"name":"Xaver Kanarie","phone":"+12025550143","relationship":"brother"}""", token)) Assert.True(added.IsSuccessStatusCode);
        using (var pressed = await server.Send(HttpMethod.Post, "api/v1/alerts", """{"kind":"medical","note":"behind the ytterbium door","position":{"latitude":48.123457,"longitude":16.765432}}""", token))
            Assert.Equal(HttpStatusCode.Created, pressed.StatusCode);
        await server.Stop();

        string[] canaries = ["Zebedee", "Kanarie", "2025550143", "ytterbium", "48.123457", "16.765432", TestNumbers.Number(9, 1)[^7..]];
        foreach (var file in Directory.EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.All(canaries, canary => Assert.DoesNotContain(canary, text, StringComparison.OrdinalIgnoreCase));
            Assert.All(canaries, canary => Assert.DoesNotContain(Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(canary)), text, StringComparison.Ordinal));
        }

        await server.Start();
        using var me = await server.Send(HttpMethod.Get, "api/v1/users/me", (string?)null, token);
        Assert.Equal("Quinta Zebedee", (await SosServerHost.Json(me)).GetProperty("fullName").GetString());
    }

    [Fact]
    public async Task The_first_start_makes_a_key_that_only_the_service_reads_and_a_key_that_others_read_is_refused()
    {
        await using var server = await SosServerHost.Start();
        await server.Stop();
        var key = Assert.Single(Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "keys"), Pattern));
        Assert.Equal(32, new FileInfo(key).Length);
        // Windows keeps access in lists.
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        foreach (var mode in new[] { UnixFileMode.OtherRead, UnixFileMode.GroupRead, UnixFileMode.OtherWrite })
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
            var sentence = StartupException.SentenceFor(await Assert.ThrowsAnyAsync<Exception>(server.Start), null);
            Assert.Contains("chmod 600", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', sentence!);
        }
    }

    [Fact]
    public async Task A_damaged_key_ends_the_start_with_its_name()
    {
        await using var server = await SosServerHost.Start();
        await server.Stop();
        var key = Assert.Single(Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "keys"), Pattern));
        await File.WriteAllBytesAsync(key, new byte[31]);
        Assert.Contains(Path.GetFileName(key), StartupException.SentenceFor(await Assert.ThrowsAnyAsync<Exception>(server.Start), null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_without_its_key_is_refused_and_no_new_key_is_made()
    {
        Assert.SkipUnless(SosSilo.Runtime == "embedded", "A cluster's data does not lie in the folder.");
        await using var server = await SosServerHost.Start();
        await server.SignIn(1);
        await server.Stop();
        var keys = Path.Combine(server.DataDirectory, "keys");
        File.Delete(Assert.Single(Directory.EnumerateFiles(keys, Pattern)));
        Assert.Contains("not the key that opens it", StartupException.SentenceFor(await Assert.ThrowsAnyAsync<Exception>(server.Start), null), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(keys, Pattern));
    }

    [Fact]
    public async Task After_a_rotation_everything_opens_without_the_old_key()
    {
        Assert.SkipUnless(SosSilo.Runtime == "embedded", "On PostgreSQL the cluster's tests run it.");
        await using var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        await server.Stop();
        var old = Assert.Single(Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "keys"), Pattern));
        var told = await RotateKeyCommand.From(["rotate-key", $"--Sos:DataDirectory={server.DataDirectory}"])!.Run();
        Assert.Contains(Path.GetFileName(old), told, StringComparison.Ordinal);
        Assert.Contains("'data-0002.key'", told, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 records", told, StringComparison.Ordinal);
        File.Delete(old);
        await server.Start();
        Assert.Equal(person.User!.Id, (await server.SignIn(1)).User!.Id);
    }

    [Fact]
    public void Other_commands_rotate_nothing() => Assert.Null(RotateKeyCommand.From(["export", "rotate-key"]));
}
