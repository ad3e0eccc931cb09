using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sos.Contracts.Operations;
using Sos.Grains.Alerts;
using Sos.Server.Tests.Alerts.Media;

namespace Sos.Server.Tests.Alerts;

/// <summary>How attachments lie on disk, and that nothing of them is left at the end of their alert.</summary>
public sealed class AttachmentEndTests
{
    private static readonly byte[] Plain = [1, 2, 3, 4, 5];

    [Fact]
    public async Task On_disk_they_are_encrypted_and_a_file_that_was_changed_or_changed_places_is_never_served()
    {
        await using var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        var alert = await Press(server, person);
        var folder = Path.Combine(server.DataDirectory, "attachments", alert.ToString("N"));
        var first = await Add(server, person, alert);
        var file = Assert.Single(Directory.GetFiles(folder));
        var second = await Add(server, person, alert);
        var other = Assert.Single(Directory.GetFiles(folder), path => path != file);
        foreach (var any in Directory.EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            Assert.True((await File.ReadAllBytesAsync(any)).AsSpan().IndexOf("ftypM4A "u8) < 0, any);
        }

        var kept = await File.ReadAllBytesAsync(file);
        Assert.Equal(HttpStatusCode.OK, await Read(server, person, alert, first));
        foreach (var at in new[] { 0, 5, 40, kept.Length - 1 })
        {
            var changed = kept.ToArray();
            changed[at] ^= 1;
            await File.WriteAllBytesAsync(file, changed);
            Assert.Equal(HttpStatusCode.NotFound, await Read(server, person, alert, first));
        }

        foreach (var cut in new[] { 0, 20, 33, kept.Length - 1 })
        {
            await File.WriteAllBytesAsync(file, kept[..cut]);
            Assert.Equal(HttpStatusCode.NotFound, await Read(server, person, alert, first));
        }

        File.Copy(other, file, overwrite: true);
        Assert.Equal(HttpStatusCode.NotFound, await Read(server, person, alert, first));
        Assert.Equal(HttpStatusCode.OK, await Read(server, person, alert, second));
        File.Delete(file);
        Assert.Equal(HttpStatusCode.NotFound, await Read(server, person, alert, first));
    }

    [Fact]
    public async Task R_21_after_the_purge_no_byte_of_an_attachment_is_left_and_its_address_is_dead()
    {
        await using var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        using (await server.Send(HttpMethod.Patch, "api/v1/users/me/privacy", """{"eraseAtClose":true}""", "Bearer " + person.AccessToken)) { }
        var alert = await Press(server, person);
        var id = await Add(server, person, alert);
        var url = await server.Url(person, alert, id);
        var folder = Path.Combine(server.DataDirectory, "attachments", alert.ToString("N"));
        Assert.Single(Directory.GetFiles(folder));
        Assert.Equal(200, (await server.Raw("GET", url)).Status);
        using (await server.Send(HttpMethod.Post, $"api/v1/alerts/{alert}/cancel", "{}", "Bearer " + person.AccessToken)) { }

        for (var second = 0; Directory.Exists(folder); second++)
        {
            Assert.True(second < 120, "The file is still there two minutes after the close.");
            server.Time.Advance(TimeSpan.FromSeconds(1));
            using var look = await server.Send(HttpMethod.Get, $"api/v1/alerts/{alert}", (string?)null, "Sos " + person.SosCredential);
        }

        Assert.Equal(404, (await server.Raw("GET", url)).Status);
        using (var gone = await server.AskForUrl("Bearer " + person.AccessToken, alert, id)) await SosServerHost.IsProblem(gone, 410, "erased");
        using (var late = await server.Upload("Bearer " + person.AccessToken, alert, SampleMedia.Jpeg())) await SosServerHost.IsProblem(late, 410, "erased");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "attachments"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_full_disk_is_called_so_and_takes_no_place()
    {
        var full = new FullDisk();
        await using var server = await SosServerHost.Start(services => services.Replace(ServiceDescriptor.Singleton<IBlobStore>(full)));
        var person = await server.SignIn(1);
        var alert = await Press(server, person);
        for (var i = 0; i < 25; i++)
        {
            using var refused = await server.Upload("Bearer " + person.AccessToken, alert, SampleMedia.Jpeg());
            await SosServerHost.IsProblem(refused, 507, "store-full");
        }

        full.HasRoom = true;
        for (var i = 0; i < 20; i++) await server.Attach(person, alert);
    }

    [Fact]
    public async Task They_outlive_a_restart()
    {
        await using var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        var alert = await Press(server, person);
        var id = await Add(server, person, alert);
        await server.Stop();
        await server.Start();
        person = await server.SignIn(1);
        using var answer = await server.Http.GetAsync(await server.Url(person, alert, id));
        var content = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(content.AsSpan().IndexOf(Plain) > 0, Encoding.Latin1.GetString(content));
    }

    private static async Task<Guid> Press(SosServerHost server, TestKit.Client.SessionAnswer person)
    {
        using var answer = await server.Send(HttpMethod.Post, "api/v1/alerts", """{"kind":"medical"}""", "Bearer " + person.AccessToken);
        return (await SosServerHost.Json(answer)).GetProperty("id").GetGuid();
    }

    private static async Task<Guid> Add(SosServerHost server, TestKit.Client.SessionAnswer person, Guid alert) => (await server.Attach(person, alert, "audio/mp4")).GetProperty("id").GetGuid();

    private static async Task<HttpStatusCode> Read(SosServerHost server, TestKit.Client.SessionAnswer person, Guid alert, Guid id)
    {
        using var answer = await server.Http.GetAsync(await server.Url(person, alert, id));
        return answer.StatusCode;
    }

    /// <summary>A disk without room, until it has some.</summary>
    private sealed class FullDisk : IBlobStore
    {
        private readonly MemoryBlobs _files = new();

        public bool HasRoom { get; set; }

        public Task<BlobUpload> Begin(BlobName name) => HasRoom ? _files.Begin(name) : Task.FromException<BlobUpload>(new IOException("No space left on device", 28));

        public Task<Stream?> Open(BlobName name) => _files.Open(name);

        public Task Delete(BlobName name) => _files.Delete(name);

        public Task DeleteAll(Guid group) => _files.DeleteAll(group);
    }
}
