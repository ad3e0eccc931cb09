using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Sos.Embedded.State;
using Sos.Grains.Privacy;
using Sos.Server.Audit;
using Sos.Server.Hosting;
using Sos.Server.Identity;
using Sos.Server.Privacy;

namespace Sos.Server.Tests.Audit;

/// <summary>The command verify-audit on the embedded store.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private readonly TemporaryFolder _forged = new();

    [Fact]
    public async Task The_command_says_where_each_chain_stands_and_names_what_was_changed()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        var path = $"api/v1/admin/users/{admin.User!.Id}";
        for (var i = 0; i < 3; i++) Assert.True((await server.Send(HttpMethod.Get, path, (string?)null, "Bearer " + admin.AccessToken)).IsSuccessStatusCode);
        await server.Stop();
        var (status, lines) = await Run(server.DataDirectory);
        Assert.Equal(0, status);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("3 entries in 1 chains, all as they were written", lines[^1], StringComparison.Ordinal);

        Assert.True(await Forge(server.DataDirectory, "sos.audit", Resealed(server.DataDirectory, "a test", "a lie")) > 0);
        (status, lines) = await Run(_forged.Path);
        Assert.Equal(1, status);
        Assert.Contains(lines, line => line.StartsWith("FAULT", StringComparison.Ordinal) && line.Contains("entry 1 (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_has_the_disk_and_not_the_key_changes_nothing_unseen()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        using var looked = await server.Send(HttpMethod.Get, "api/v1/admin/audit", (string?)null, "Bearer " + admin.AccessToken);
        await server.Stop();
        await Forge(server.DataDirectory, "sos.audit", (_, bytes) =>
        {
            bytes[^1] ^= 1;
            return bytes;
        });
        var (status, lines) = await Run(_forged.Path);
        Assert.Equal(1, status);
        Assert.Contains(lines, line => line.Contains("does not open", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chain_that_is_gone_is_named()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        using var looked = await server.Send(HttpMethod.Get, "api/v1/admin/audit", (string?)null, "Bearer " + admin.AccessToken);
        await server.Stop();
        await Forge(server.DataDirectory, "sos.audit", (_, _) => null);
        var (status, lines) = await Run(_forged.Path);
        Assert.Equal(1, status);
        Assert.Contains(lines, line => line.EndsWith("the chain is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_data_there_is_nothing_to_check() => await Assert.ThrowsAsync<StartupException>(() => Run(_forged.Path));

    public void Dispose() => _forged.Dispose();

    private static async Task<(int Status, string[] Lines)> Run(string folder)
    {
        var output = new StringWriter();
        var status = await AuditCommand.From(["verify-audit", $"--Sos:DataDirectory={folder}"])!.Run(output);
        return (status, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    // As who has the disk and the key could: a text replaced in what was written.
    private static Func<StoredStateBytes, byte[], byte[]?> Resealed(string folder, string text, string by)
    {
        var keys = DataKeyFiles.Read(new KeyFolder(new DataFolder(new ConfigurationBuilder().AddInMemoryCollection([new("Sos:DataDirectory", folder)]).Build())));
        return (state, bytes) =>
        {
            Assert.True(RecordEnvelope.TryRead(bytes, out var envelope));
            var identity = RecordIdentity.Of(state.Name, state.Grain);
            var key = DataKey.Unwrap(keys, identity, envelope.Value)!;
            var plain = new byte[envelope.Value.PlainBytes];
            Assert.True(envelope.Value.TryOpen(key, identity, plain));
            return RecordEnvelope.Seal(key, envelope.Value.Kind, identity, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(plain).Replace(text, by, StringComparison.Ordinal)));
        };
    }

    // All that is in the folder, with its keys, into another one: records of a grain type as a forger makes them, or (null) without them.
    private async Task<int> Forge(string folder, string type, Func<StoredStateBytes, byte[], byte[]?> forger)
    {
        var forged = 0;
        using (var from = new DataFolderContent(folder, NullLoggerFactory.Instance))
        {
            using var to = new DataFolderContent(_forged.Path, NullLoggerFactory.Instance);
            await to.Begin();
            await foreach (var state in from.States())
            {
                if (state.Grain.Type.ToString() != type) await to.Add(state);
                else if (forger(state, state.Bytes.ToArray()) is { } bytes)
                {
                    forged++;
                    await to.Add(state with { Bytes = bytes });
                }
            }

            await to.Finish();
        }

        var keys = Directory.CreateDirectory(Path.Combine(_forged.Path, "keys")).FullName;
        foreach (var key in Directory.EnumerateFiles(Path.Combine(folder, "keys"))) File.Copy(key, Path.Combine(keys, Path.GetFileName(key)));
        return forged;
    }
}
