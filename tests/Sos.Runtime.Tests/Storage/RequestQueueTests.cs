using Sos.Embedded.Storage;

namespace Sos.Runtime.Tests.Storage;

public sealed class RequestQueueTests
{
    [Fact]
    public async Task The_acceptance_lane_goes_first_in_every_group_however_much_else_waits()
    {
        var queue = new RequestQueue(1000, 10);
        for (var i = 0; i < 100; i++) await queue.Add(Write($"ordinary{i}", WriteLane.Ordinary));
        for (var i = 0; i < 15; i++) await queue.Add(Write($"alert{i}", WriteLane.Acceptance));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"alert{i}"), Take(queue));
        Assert.Equal(Enumerable.Range(10, 5).Select(i => $"alert{i}").Concat(Enumerable.Range(0, 5).Select(i => $"ordinary{i}")), Take(queue));
        Assert.Equal(Enumerable.Range(5, 10).Select(i => $"ordinary{i}"), Take(queue));
    }

    [Fact]
    public async Task A_full_lane_makes_its_own_callers_wait_and_no_others()
    {
        var queue = new RequestQueue(2, 10);
        await queue.Add(Write("o1", WriteLane.Ordinary));
        await queue.Add(Write("o2", WriteLane.Ordinary));
        var third = queue.Add(Write("o3", WriteLane.Ordinary)).AsTask();
        Assert.False(third.IsCompleted);
        Assert.True(queue.Add(Write("a1", WriteLane.Acceptance)).AsTask().IsCompletedSuccessfully);
        Assert.True(queue.Add(new ReadRequest(new RecordKey("test", "r"))).AsTask().IsCompletedSuccessfully);
        Assert.Equal(["a1", "o1", "o2"], Take(queue));
        await third;
        Assert.Equal(["o3"], Take(queue));
    }

    private static string[] Take(RequestQueue queue)
    {
        var group = new List<WriteRequest>();
        Assert.True(queue.Take([], group));
        return [.. group.Select(write => write.Key.Key)];
    }

    private static WriteRequest Write(string key, WriteLane lane) => new(new RecordKey("test", key), default(ReadOnlyMemory<byte>), 0, lane);
}
