using Sos.Embedded.Storage;

namespace Sos.Runtime.Tests.Storage;

public sealed class SimulatedRecordStoreTests : RecordStoreContract
{
    private readonly SimulatedFaults _faults = new() { MinLatency = TimeSpan.Zero, MaxLatency = TimeSpan.FromMilliseconds(1) };
    private readonly SimulatedRecordStore _store;

    public SimulatedRecordStoreTests() => _store = new SimulatedRecordStore(TimeProvider.System, new Random(7), Limits, _faults);

    protected override IRecordStore Store => _store;

    [Fact]
    public async Task A_full_disk_refuses_writes_and_serves_reads()
    {
        await Store.Write(Key("a"), Bytes(1), 0, WriteLane.Ordinary);
        _faults.DiskFull = true;
        await Assert.ThrowsAsync<StoreFullException>(async () => await Store.Write(Key("b"), Bytes(1), 0, WriteLane.Ordinary));
        Assert.NotNull(await Store.Read(Key("a")));
        _faults.DiskFull = false;
        await Store.Write(Key("b"), Bytes(1), 0, WriteLane.Ordinary);
    }

    [Fact]
    public async Task A_failure_before_the_write_leaves_nothing_and_one_after_it_leaves_the_record()
    {
        _faults.FailBeforeWrite = 1;
        await Assert.ThrowsAsync<StoreFailedException>(async () => await Store.Write(Key("a"), Bytes(1), 0, WriteLane.Ordinary));
        Assert.Null(await Store.Read(Key("a")));
        (_faults.FailBeforeWrite, _faults.FailAfterWrite) = (0, 1);
        await Assert.ThrowsAsync<StoreFailedException>(async () => await Store.Write(Key("a"), Bytes(1), 0, WriteLane.Ordinary));
        Assert.NotNull(await Store.Read(Key("a")));
    }

    [Fact]
    public async Task A_crash_keeps_what_was_answered_and_some_of_what_was_not_and_answers_nobody()
    {
        await Store.Write(Key("answered"), Bytes(1), 0, WriteLane.Ordinary);
        (_faults.MinLatency, _faults.MaxLatency) = (TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        var underWay = Enumerable.Range(0, 100).Select(i => Store.Write(Key($"k{i:00}"), Bytes(1), 0, WriteLane.Ordinary).AsTask()).ToArray();
        _store.Crash();
        (_faults.MinLatency, _faults.MaxLatency) = (TimeSpan.Zero, TimeSpan.Zero);
        Assert.NotNull(await Store.Read(Key("answered")));
        var kept = (await Store.Scan("test", "k", 1000)).Records.Count;
        Assert.InRange(kept, 20, 80);
        Assert.All(underWay, write => Assert.False(write.IsCompleted));
    }
}
