using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Sos.TestKit.Client;

namespace Sos.TestKit.Accounting;

/// <summary>A press that is about to be sent.</summary>
/// <param name="Id">The alert id that the client has made.</param>
/// <param name="Caller">User id.</param>
/// <param name="Kind">As sent.</param>
/// <param name="Latitude">As sent, degrees.</param>
/// <param name="Longitude">As sent, degrees.</param>
/// <param name="Note">As sent.</param>
public sealed record Intent(Guid Id, Guid Caller, string Kind, double Latitude, double Longitude, string Note);

/// <summary>
/// The client's side of the accounting: every press is on disk here before it is sent, and what became of it before anybody counts
/// it. One writer with group commit, so that eight clients do not wait for eight flushes.
/// </summary>
public sealed class IntentLog : IAsyncDisposable
{
    private readonly Channel<(string Line, TaskCompletionSource Written)> _lines = Channel.CreateUnbounded<(string, TaskCompletionSource)>();
    private readonly ConcurrentDictionary<Guid, Intent> _intents = new();
    private readonly ConcurrentDictionary<Guid, Certainty> _fates = new();
    private readonly FileStream _file;
    private readonly Task _writing;

    public IntentLog(string path)
    {
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        _writing = WriteAll();
    }

    /// <summary>Everything that was going to be sent, by alert id.</summary>
    public IReadOnlyDictionary<Guid, Intent> Intents => _intents;

    /// <summary>Presses that the server has answered for.</summary>
    public IEnumerable<Intent> Acknowledged => _fates.Where(fate => fate.Value == Certainty.Acknowledged).Select(fate => _intents[fate.Key]);

    public int CountOf(Certainty fate) => _fates.Count(entry => entry.Value == fate);

    /// <summary>On disk when it returns.</summary>
    public Task Intend(Intent intent)
    {
        if (!_intents.TryAdd(intent.Id, intent)) throw new InvalidOperationException($"{intent.Id} was intended before.");
        return Write($"INTENT\t{intent.Id}\t{intent.Caller}\t{intent.Kind}");
    }

    /// <summary>On disk when it returns. An acknowledgement is never taken back by a later answer.</summary>
    public Task Settle(Guid id, Certainty fate)
    {
        _fates.AddOrUpdate(id, fate, (_, known) => known == Certainty.Acknowledged ? known : fate);
        return Write($"{fate.ToString().ToUpperInvariant()}\t{id}");
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.Complete();
        await _writing;
        await _file.DisposeAsync();
    }

    private Task Write(string line)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _lines.Writer.TryWrite((line, written)) ? written.Task : throw new ObjectDisposedException(nameof(IntentLog));
    }

    private async Task WriteAll()
    {
        var group = new List<TaskCompletionSource>();
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (group.Count < 256 && _lines.Reader.TryRead(out var next))
            {
                _file.Write(Encoding.UTF8.GetBytes(next.Line + "\n"));
                group.Add(next.Written);
            }

            _file.Flush(flushToDisk: true);
            foreach (var written in group) written.SetResult();
            group.Clear();
        }
    }
}
