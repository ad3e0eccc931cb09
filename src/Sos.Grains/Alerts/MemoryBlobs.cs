using System.Collections.Concurrent;
using Sos.Contracts.Operations;

namespace Sos.Grains.Alerts;

/// <summary>Files in memory, gone with the process: for hosts without a folder, like tests and simulations.</summary>
internal sealed class MemoryBlobs : IBlobStore
{
    private readonly ConcurrentDictionary<BlobName, byte[]> _files = new();

    public Task<BlobUpload> Begin(BlobName name) =>
        _files.ContainsKey(name) ? throw new IOException("There is such a file.") : Task.FromResult<BlobUpload>(new Upload(_files, name));

    public Task<Stream?> Open(BlobName name) => Task.FromResult<Stream?>(_files.TryGetValue(name, out var content) ? new MemoryStream(content, writable: false) : null);

    public Task Delete(BlobName name)
    {
        _files.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public Task DeleteAll(Guid group)
    {
        foreach (var name in _files.Keys.Where(name => name.Group == group)) _files.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    private sealed class Upload(ConcurrentDictionary<BlobName, byte[]> files, BlobName name) : BlobUpload
    {
        private readonly MemoryStream _content = new();

        public override Stream Content => _content;

        public override Task Complete() => files.TryAdd(name, _content.ToArray()) ? Task.CompletedTask : throw new IOException("There is such a file.");

        public override ValueTask DisposeAsync() => _content.DisposeAsync();
    }
}
