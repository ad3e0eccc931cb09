using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Sos.Server.Hosting;
using Sos.Server.Hosting.Transfer;

namespace Sos.Server.Tests.Hosting;

/// <summary>The commands export and import on the embedded store; on PostgreSQL the cluster's tests run them.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    private string Export => Path.Combine(_files.Path, "all.sos");

    [Fact]
    public async Task Another_folder_goes_on_where_the_first_one_stopped()
    {
        await using var first = await SosServerHost.Start();
        var person = await first.SignIn(1);
        var id = Guid.CreateVersion7();
        using (var pressed = await first.Send(HttpMethod.Post, "api/v1/alerts", $$"""{"id":"{{id}}","kind":"medical","note":"on the stairs"}""", "Bearer " + person.AccessToken))
            Assert.Equal(HttpStatusCode.Created, pressed.StatusCode);
        await first.Stop();
        Assert.StartsWith("Exported ", await Run("export", Export, first.DataDirectory), StringComparison.Ordinal);

        await using var second = await SosServerHost.Start();
        await second.Stop();
        EmptyButKeys(second.DataDirectory);
        Assert.StartsWith("Imported ", await Run("import", Export, second.DataDirectory), StringComparison.Ordinal);
        Assert.Equal(await Content(first.DataDirectory), await Content(second.DataDirectory));

        CopyKeys(first.DataDirectory, second.DataDirectory);
        await second.Start();
        using var seen = await second.Send(HttpMethod.Get, $"api/v1/alerts/{id}", (string?)null, "Bearer " + person.AccessToken);
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        Assert.Equal("on the stairs", (await SosServerHost.Json(seen)).GetProperty("note").GetString());
        Assert.Equal(person.User!.Id, (await second.SignIn(1)).User!.Id);
    }

    [Fact]
    public async Task A_folder_with_data_is_not_imported_into()
    {
        await using var server = await Stored();
        await Run("export", Export, server.DataDirectory);
        var before = await Content(server.DataDirectory);
        var refusal = await Assert.ThrowsAsync<Sos.Embedded.Storage.DataDirectoryException>(() => Run("import", Export, server.DataDirectory));
        Assert.Contains("holds data already", StartupException.SentenceFor(refusal, null), StringComparison.Ordinal);
        Assert.Equal(before, await Content(server.DataDirectory));
    }

    [Fact]
    public async Task A_damaged_export_changes_nothing()
    {
        await using var server = await Stored();
        await Run("export", Export, server.DataDirectory);
        var bytes = await File.ReadAllBytesAsync(Export);
        bytes[^200] ^= 1;
        await File.WriteAllBytesAsync(Export, bytes);
        using var target = new TemporaryFolder();
        await Assert.ThrowsAsync<StartupException>(() => Run("import", Export, target.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(target.Path));
    }

    [Fact]
    public async Task A_service_does_not_start_on_half_an_import()
    {
        using var target = new TemporaryFolder();
        using (var half = new Sos.Embedded.State.DataFolderContent(target.Path, NullLoggerFactory.Instance)) await half.Begin();
        TestKeys.Put(target.Path);
        Exception failure;
        await using (var app = SosApplication.Build([$"--Sos:DataDirectory={target.Path}", "--environment=Development", "--urls=http://127.0.0.1:0"]))
            failure = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync());
        Assert.Contains("was not finished", StartupException.SentenceFor(failure, null), StringComparison.Ordinal);
        Assert.Contains("was not finished", (await Assert.ThrowsAsync<Sos.Embedded.Storage.DataDirectoryException>(() => Run("export", Export, target.Path))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_service_keeps_its_folder_to_itself()
    {
        await using var server = await SosServerHost.Start();
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => Run("export", Export, server.DataDirectory));
        Assert.Contains("in use by another process", StartupException.SentenceFor(refusal, null), StringComparison.Ordinal);
        Assert.False(File.Exists(Export));
    }

    [Fact]
    public async Task An_export_never_replaces_a_file_and_only_its_owner_may_read_it()
    {
        await using var server = await Stored();
        await Run("export", Export, server.DataDirectory);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Export));
        var refusal = await Assert.ThrowsAsync<StartupException>(() => Run("export", Export, server.DataDirectory));
        Assert.Contains("exists already", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_called_so()
    {
        using var nothing = new TemporaryFolder();
        Assert.Contains("no data", (await Assert.ThrowsAsync<StartupException>(() => Run("export", Export, nothing.Path))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await Assert.ThrowsAsync<StartupException>(() => Run("import", Export, nothing.Path))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_files.Path));
    }

    [Theory]
    [InlineData("export")]
    [InlineData("import", "--Sos:DataDirectory=./data")]
    public void A_command_without_a_file_is_refused(params string[] arguments) =>
        Assert.Contains("Say which file", Assert.Throws<StartupException>(() => TransferCommand.From(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void Other_arguments_are_the_services() => Assert.Null(TransferCommand.From(["--demo", "export"]));

    public void Dispose() => _files.Dispose();

    /// <summary>A stopped server with something in its store.</summary>
    private static async Task<SosServerHost> Stored()
    {
        var server = await SosServerHost.Start();
        await server.SignIn(1);
        await server.Stop();
        return server;
    }

    private static Task<string> Run(string verb, string file, string folder) => TransferCommand.From([verb, file, $"--Sos:DataDirectory={folder}"])!.Run();

    private static async Task<List<string>> Content(string folder)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Sos:DataDirectory", folder)]).Build();
        await using var data = await StoredData.Open(settings, NullLoggerFactory.Instance);
        var content = new List<string>();
        await foreach (var item in data.Read()) content.Add(item is TransferState state ? $"{state.Grain} {state.Name} {Convert.ToHexString(state.Bytes.Span)}" : item.ToString());
        Assert.Contains(content, line => line.StartsWith("sos.user/", StringComparison.Ordinal));
        return content;
    }

    private static void EmptyButKeys(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) File.Delete(file);
    }

    private static void CopyKeys(string from, string to)
    {
        foreach (var key in Directory.EnumerateFiles(Path.Combine(from, "keys"))) File.Copy(key, Path.Combine(to, "keys", Path.GetFileName(key)), overwrite: true);
    }
}
