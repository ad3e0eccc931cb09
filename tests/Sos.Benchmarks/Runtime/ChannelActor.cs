using System.Threading.Channels;

namespace Sos.Benchmarks.Runtime;

/// <summary>The peer: an actor as one writes it by hand, a mailbox and a loop.</summary>
internal sealed class ChannelActor
{
    private readonly Channel<(Fix Fix, TaskCompletionSource<long> Answer)> _mailbox =
        Channel.CreateUnbounded<(Fix, TaskCompletionSource<long>)>(new UnboundedChannelOptions { SingleReader = true });

    private Fix? _newest;

    public ChannelActor() => _ = Task.Run(Loop);

    public Task<long> Report(Fix fix)
    {
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _mailbox.Writer.TryWrite((fix, answer));
        return answer.Task;
    }

    public void Stop() => _mailbox.Writer.Complete();

    private async Task Loop()
    {
        await foreach (var (fix, answer) in _mailbox.Reader.ReadAllAsync())
        {
            if (_newest is null || fix.Sequence > _newest.Sequence) _newest = fix;
            answer.SetResult(_newest.Sequence);
        }
    }
}
