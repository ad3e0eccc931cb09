using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Sos.Contracts.Operations;
using Sos.Grains.Alerts;
using Sos.Server.Hosting;

namespace Sos.Server.Tests.Hosting;

/// <summary>What every store of files keeps to.</summary>
public sealed class BlobStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Stores => ["folder", "memory"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_file_is_there_whole_or_not_at_all_and_is_never_changed(string kind)
    {
        var (store, name) = (Make(kind), new BlobName(Guid.NewGuid(), Guid.NewGuid()));
        Assert.Null(await store.Open(name));
        await using (var upload = await store.Begin(name))
        {
            await upload.Content.WriteAsync(new byte[] { 1, 2 });
            Assert.Null(await store.Open(name));
            await upload.Content.WriteAsync(new byte[] { 3 });
            await upload.Complete();
        }

        Assert.Equal(new byte[] { 1, 2, 3 }, await Read(store, name));
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await using var again = await store.Begin(name);
            await again.Content.WriteAsync(new byte[] { 9 });
            await again.Complete();
        });
        Assert.Equal(new byte[] { 1, 2, 3 }, await Read(store, name));
        Assert.Null(await store.Open(name with { Group = Guid.NewGuid() }));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_was_not_completed_has_never_been(string kind)
    {
        var (store, name) = (Make(kind), new BlobName(Guid.NewGuid(), Guid.NewGuid()));
        await using (var upload = await store.Begin(name)) await upload.Content.WriteAsync(new byte[] { 1 });
        Assert.Null(await store.Open(name));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
        await using (var upload = await store.Begin(name)) await upload.Complete();
        Assert.Empty(await Read(store, name));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Files_are_deleted_one_by_one_or_with_all_of_their_group_and_again_is_nothing(string kind)
    {
        var (store, group, other) = (Make(kind), Guid.NewGuid(), Guid.NewGuid());
        var names = new[] { new BlobName(group, Guid.NewGuid()), new BlobName(group, Guid.NewGuid()), new BlobName(group, Guid.NewGuid()), new BlobName(other, Guid.NewGuid()) };
        foreach (var name in names)
        {
            await using var upload = await store.Begin(name);
            await upload.Complete();
        }

        for (var twice = 0; twice < 2; twice++)
        {
            await store.Delete(names[0]);
            Assert.Null(await store.Open(names[0]));
            Assert.NotNull(await store.Open(names[3]));
        }

        Assert.Empty(await Read(store, names[1]));
        for (var twice = 0; twice < 2; twice++)
        {
            await store.DeleteAll(group);
            Assert.Null(await store.Open(names[1]));
            Assert.Null(await store.Open(names[2]));
        }

        Assert.Empty(await Read(store, names[3]));
        await store.Delete(new BlobName(Guid.NewGuid(), Guid.NewGuid()));
    }

    [Fact]
    public async Task A_group_that_is_deleted_under_an_upload_takes_it_along()
    {
        var (store, name) = (Make("folder"), new BlobName(Guid.NewGuid(), Guid.NewGuid()));
        await using var upload = await store.Begin(name);
        await upload.Content.WriteAsync(new byte[] { 1 });
        await store.DeleteAll(name.Group);
        await Assert.ThrowsAnyAsync<IOException>(upload.Complete);
        Assert.Null(await store.Open(name));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    public void Dispose() => _folder.Dispose();

    private IBlobStore Make(string kind)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Sos:DataDirectory", _folder.Path)]).Build();
        return kind == "memory" ? new MemoryBlobs() : new FolderBlobs(new DataFolder(settings), Options.Create(new AttachmentOptions()));
    }

    private static async Task<byte[]> Read(IBlobStore store, BlobName name)
    {
        await using var file = await store.Open(name);
        var content = new MemoryStream();
        await file!.CopyToAsync(content);
        return content.ToArray();
    }
}
