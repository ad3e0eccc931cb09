using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Users;
using Sos.Server.Hosting;
using Sos.Server.Hosting.Transfer;
using Sos.Server.Identity;
using Sos.Server.Privacy;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Hosting;

/// <summary>R-20: the commands backup and restore, rehearsed; the store's own view of a moment is in SnapshotTests.</summary>
public sealed class BackupTests : IDisposable
{
    private const string Passphrase = "seven herons cross the weir";
    private const string Canary = "ytterbium";
    private readonly TemporaryFolder _files = new();

    private string Backup => Path.Combine(_files.Path, "backup.sos");

    [Fact]
    public async Task R_20_a_backup_taken_under_load_gives_everything_back_that_was_acknowledged_before_it()
    {
        await using var first = await SosServerHost.Start();
        var people = new List<SessionAnswer>();
        for (var i = 1; i <= 8; i++) people.Add(await first.SignIn(i));
        var acknowledged = new ConcurrentQueue<(SessionAnswer Person, Guid Alert)>();
        using var enough = new CancellationTokenSource();
        var load = people.Select(person => Press(first, person, acknowledged, enough.Token)).ToList();
        while (acknowledged.Count < 100) await Task.Yield();
        var before = acknowledged.ToList();
        Assert.StartsWith("Backed up ", await Run("backup", first.DataDirectory), StringComparison.Ordinal);
        var during = acknowledged.Count - before.Count;
        await enough.CancelAsync();
        await Task.WhenAll(load);
        await first.Stop();

        // RTO: from the empty folder to the first answer.
        await using var second = await Emptied();
        CopyKeys(first.DataDirectory, second.DataDirectory);
        var began = Stopwatch.GetTimestamp();
        var said = await Run("restore", second.DataDirectory);
        await second.Start();
        var rto = Stopwatch.GetElapsedTime(began);
        Assert.DoesNotContain("left out", said, StringComparison.Ordinal);
        foreach (var (person, alert) in before)
        {
            using var seen = await second.Send(HttpMethod.Get, $"api/v1/alerts/{alert}", (string?)null, "Bearer " + person.AccessToken);
            Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
            Assert.Equal($"{Canary} {alert}", (await SosServerHost.Json(seen)).GetProperty("note").GetString());
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"R-20: {before.Count} alerts acknowledged before the backup, all there; {during} more while it was taken; RTO {rto.TotalSeconds:F1} s. {said}");
    }

    [Fact]
    public async Task R_20_a_backup_older_than_seven_days_gives_accounts_back_and_no_alert_to_anybody()
    {
        await using var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        var queue = new ConcurrentQueue<(SessionAnswer, Guid Alert)>();
        using (var one = new CancellationTokenSource()) await Press(server, person, queue, one.Token, most: 1);
        var alert = queue.Single().Alert;
        await Run("backup", server.DataDirectory);
        var key = Assert.Single(Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "keys"), "backup-*.key"));
        var secret = await File.ReadAllBytesAsync(key);

        // The clock must say so twice.
        server.Time.Advance(TimeSpan.FromDays(7));
        Assert.True(File.Exists(key));
        for (var minute = 0; minute < 30 && File.Exists(key); minute++) server.Time.Advance(TimeSpan.FromMinutes(1));
        await Until(() => !File.Exists(key));
        await server.Stop();

        // With the passphrase and every key that is left.
        await using var restored = await Emptied();
        CopyKeys(server.DataDirectory, restored.DataDirectory);
        Assert.Contains("left out", await Run("restore", restored.DataDirectory), StringComparison.Ordinal);
        foreach (var folder in new[] { server.DataDirectory, restored.DataDirectory })
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                var bytes = await File.ReadAllBytesAsync(file);
                for (var at = 0; at + 8 <= secret.Length; at++) Assert.True(bytes.AsSpan().IndexOf(secret.AsSpan(at, 8)) < 0, file);
            }
        }

        await restored.Start();
        Assert.Equal(person.User!.Id, (await restored.SignIn(1)).User!.Id);
        using var gone = await restored.Send(HttpMethod.Get, $"api/v1/alerts/{alert}", (string?)null, "Bearer " + (await restored.SignIn(1)).AccessToken);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        // And SOS works: what the account remembers of an alert that is not there holds nobody up.
        var again = "Bearer " + (await restored.SignIn(1)).AccessToken;
        using var pressed = await restored.Send(HttpMethod.Post, "api/v1/alerts", """{"kind":"medical"}""", again);
        Assert.Equal(HttpStatusCode.Created, pressed.StatusCode);
        var raised = (await SosServerHost.Json(pressed)).GetProperty("id").GetGuid();
        var account = restored.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserGrain>(person.User.Id);
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60)))
        {
            while (await account.OpenAlert() != raised)
            {
                patience.Token.ThrowIfCancellationRequested();
                restored.Time.Advance(TimeSpan.FromMilliseconds(25));
                await Task.Yield();
            }
        }

        await restored.Stop();
        await restored.Start();
        using var repeated = await restored.Send(HttpMethod.Post, "api/v1/alerts", """{"kind":"medical"}""", "Bearer " + (await restored.SignIn(1)).AccessToken);
        Assert.Equal(raised, (await SosServerHost.Json(repeated)).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Everything_of_an_alert_lies_under_the_key_of_the_backup()
    {
        await using var server = await Stored();
        await Run("backup", server.DataDirectory);
        await using var file = File.OpenRead(Backup);
        using var cipher = await BackupCipher.Open(file, Passphrase, Backup);
        await using var plain = new BackupReadStream(file, cipher, Backup);
        using var reader = await ExportReader.Open(plain, Backup);
        var covered = new List<string>();
        await foreach (var item in reader.Items())
        {
            if (item is TransferSealed) covered.Add(item.Grain.Type.ToString()!);
            else if (item is TransferState) Assert.False(BackupKeys.Covers(item.Grain, item.Name), item.Grain.ToString());
        }

        Assert.Contains("sos.alert", covered);
    }

    [Theory]
    [InlineData("sos.alert", "alert", true)]
    [InlineData("sos.alert-history", "history", true)]
    [InlineData("sos.track", "track", true)]
    [InlineData("sos.trail-hour", "trail-hour", true)]
    [InlineData("sos.trail", "trail", false)]
    [InlineData("sos.candidate-set", "set", true)]
    [InlineData("sos.responder", "inbox", true)]
    [InlineData("sos.responder", "responder", false)]
    [InlineData("sos.user", "user", false)]
    [InlineData("sos.contacts", "contacts", false)]
    public void What_says_where_somebody_was_is_covered(string type, string state, bool covered) =>
        Assert.Equal(covered, BackupKeys.Covers(Orleans.Runtime.GrainId.Create(type, "x"), state));

    [Fact]
    public async Task Nothing_is_restored_from_a_damaged_backup_or_with_another_passphrase()
    {
        await using var server = await Stored();
        await Run("backup", server.DataDirectory);
        using var target = new TemporaryFolder();
        CopyKeys(server.DataDirectory, target.Path);
        var good = await File.ReadAllBytesAsync(Backup);
        List<byte[]> changes = [[], good[..10], good[..^1], [.. good, 0], Encoding.ASCII.GetBytes("no backup at all, but a text of some length")];
        foreach (var at in new[] { 0, 6, 7, 30, good.Length - 1 })
        {
            var changed = (byte[])good.Clone();
            changed[at] ^= 0x40;
            changes.Add(changed);
        }

        foreach (var bytes in changes)
        {
            await File.WriteAllBytesAsync(Backup, bytes);
            await Assert.ThrowsAsync<StartupException>(() => Run("restore", target.Path));
        }

        await File.WriteAllBytesAsync(Backup, good);
        Assert.Contains("does not open", (await Assert.ThrowsAsync<StartupException>(() => Run("restore", target.Path, "another passphrase, long enough"))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(target.Path, "sos.db")));
        Assert.StartsWith("Restored ", await Run("restore", target.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_keys_or_into_a_folder_with_data_nothing_is_restored()
    {
        await using var server = await Stored();
        await Run("backup", server.DataDirectory);
        using var empty = new TemporaryFolder();
        Assert.Contains("'keys'", (await Assert.ThrowsAsync<StartupException>(() => Run("restore", empty.Path))).Message, StringComparison.Ordinal);
        new KeyFolder(FolderAt(empty.Path)).ReadOrMake("data-0001.key", () => RandomNumberGenerator.GetBytes(32));
        Assert.Contains("do not open", (await Assert.ThrowsAsync<StartupException>(() => Run("restore", empty.Path))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(empty.Path, "sos.db")));
        var full = await Assert.ThrowsAsync<Sos.Embedded.Storage.DataDirectoryException>(() => Run("restore", server.DataDirectory));
        Assert.Contains("holds data already", full.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_replaces_no_file_is_its_owners_alone_and_needs_a_passphrase()
    {
        await using var server = await Stored();
        Assert.Contains("passphrase of 16", (await Assert.ThrowsAsync<StartupException>(() => Run("backup", server.DataDirectory, "short"))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_files.Path));
        using var nothing = new TemporaryFolder();
        Assert.Contains("no key", (await Assert.ThrowsAsync<StartupException>(() => Run("backup", nothing.Path))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(nothing.Path));
        await Run("backup", server.DataDirectory);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        Assert.Contains("exists already", (await Assert.ThrowsAsync<StartupException>(() => Run("backup", server.DataDirectory))).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Backup)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore", "--Sos:DataDirectory=./data")]
    public void A_command_without_a_file_is_refused(params string[] arguments) =>
        Assert.Contains("Say which file", Assert.Throws<StartupException>(() => BackupCommand.From(arguments)).Message, StringComparison.Ordinal);

    public void Dispose() => _files.Dispose();

    private static DataFolder FolderAt(string path) =>
        new(new Microsoft.Extensions.Configuration.ConfigurationManager { ["Sos:DataDirectory"] = path });

    private Task<string> Run(string verb, string folder, string passphrase = Passphrase)
    {
        var secret = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.txt");
        File.WriteAllText(secret, passphrase + "\n");
        return Ended(BackupCommand.From([verb, Backup, $"--Sos:DataDirectory={folder}", $"--Sos:Backup:PassphraseFile={secret}"])!.Run(), secret);
    }

    private static async Task<string> Ended(Task<string> run, string secret)
    {
        try
        {
            return await run;
        }
        finally
        {
            File.Delete(secret);
        }
    }

    // Presses and calls off, one alert after another.
    private static async Task Press(SosServerHost server, SessionAnswer person, ConcurrentQueue<(SessionAnswer, Guid)> acknowledged, CancellationToken enough, int most = int.MaxValue)
    {
        for (var n = 0; n < most && !enough.IsCancellationRequested; n++)
        {
            var alert = Guid.CreateVersion7();
            using var pressed = await server.Send(HttpMethod.Post, "api/v1/alerts", $$"""{"id":"{{alert}}","kind":"medical","position":{"latitude":48.2,"longitude":16.37},"note":"{{Canary}} {{alert}}"}""", "Bearer " + person.AccessToken);
            if (pressed.StatusCode == HttpStatusCode.Created) acknowledged.Enqueue((person, alert));
            if (most == 1) return;
            using var off = await server.Send(HttpMethod.Post, $"api/v1/alerts/{alert}/cancel", "{}", "Bearer " + person.AccessToken);
            server.Time.Advance(TimeSpan.FromMilliseconds(5));
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "It never was so.");
            await Task.Yield();
        }
    }

    /// <summary>A stopped server with an alert in its store.</summary>
    private static async Task<SosServerHost> Stored()
    {
        var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        var queue = new ConcurrentQueue<(SessionAnswer, Guid Alert)>();
        using var one = new CancellationTokenSource();
        await Press(server, person, queue, one.Token, most: 1);
        await server.Stop();
        return server;
    }

    private static async Task<SosServerHost> Emptied()
    {
        var server = await SosServerHost.Start();
        await server.Stop();
        foreach (var file in Directory.EnumerateFiles(server.DataDirectory)) File.Delete(file);
        Directory.Delete(Path.Combine(server.DataDirectory, "keys"), recursive: true);
        return server;
    }

    private static void CopyKeys(string from, string to)
    {
        var keys = Directory.CreateDirectory(Path.Combine(to, "keys"));
        foreach (var key in Directory.EnumerateFiles(Path.Combine(from, "keys"))) File.Copy(key, Path.Combine(keys.FullName, Path.GetFileName(key)));
    }
}
