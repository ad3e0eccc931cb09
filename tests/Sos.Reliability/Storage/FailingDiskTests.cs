using Microsoft.Extensions.Logging.Abstractions;
using Sos.Embedded.Storage;

namespace Sos.Reliability.Storage;

/// <summary>R-03 of the store: a sync that fails. Nothing is promised after it, and the host is told to end the process.</summary>
[Collection(nameof(RecordingFileSystem))]
public sealed class FailingDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sos-failing-").FullName;
    private readonly TaskCompletionSource<Exception> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        RecordingFileSystem.SyncsFail = false;
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task After_a_failed_sync_nobody_is_answered_any_more_and_what_was_answered_before_is_there()
    {
        using (var store = Open())
        {
            for (var i = 0; i < 50; i++) await store.Write(Key(i), new byte[500], 0, WriteLane.Acceptance);
            RecordingFileSystem.SyncsFail = true;
            var underWay = Enumerable.Range(100, 50).Select(i => store.Write(Key(i), new byte[500], 0, WriteLane.Acceptance).AsTask()).ToArray();
            foreach (var write in underWay) await Assert.ThrowsAsync<StoreFailedException>(() => write);
            await _fatal.Task;
            RecordingFileSystem.SyncsFail = false;
            await Assert.ThrowsAsync<StoreFailedException>(async () => await store.Write(Key(200), new byte[1], 0, WriteLane.Acceptance));
            await Assert.ThrowsAsync<StoreFailedException>(async () => await store.Read(Key(1)));
        }

        using (var store = Open())
        {
            for (var i = 0; i < 50; i++) Assert.NotNull(await store.Read(Key(i)));
            Assert.Null(await store.Read(Key(200)));
        }
    }

    private static RecordKey Key(int i) => new("test", $"k{i:000}");

    private SqliteRecordStore Open() => new(
        new RecordStoreOptions { DataDirectory = _folder, BallastBytes = 0 }, TimeProvider.System, NullLogger<SqliteRecordStore>.Instance, failure => _fatal.TrySetResult(failure));
}
