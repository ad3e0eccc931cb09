namespace Sos.Runtime.Tests.Claims;

/// <summary>Where grains and tests meet: grains note what happens and wait at gates, tests await notes and open gates.</summary>
public sealed class Stage
{
    /// <summary>How long a test waits for something that must happen. Reached only by a test that fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<string>> _notes = [];
    private readonly Dictionary<string, TaskCompletionSource> _gates = [];
    private readonly List<(string Subject, string Note, int Times, TaskCompletionSource Waiter)> _waiters = [];

    public void Note(string subject, string note)
    {
        lock (_gate)
        {
            if (!_notes.TryGetValue(subject, out var notes)) _notes[subject] = notes = [];
            notes.Add(note);
            foreach (var (s, n, times, waiter) in _waiters)
            {
                if (s == subject && n == note && notes.Count(x => x == note) >= times) waiter.TrySetResult();
            }
        }
    }

    public string[] Notes(string subject)
    {
        lock (_gate) return _notes.TryGetValue(subject, out var notes) ? [.. notes] : [];
    }

    public int Count(string subject, string note) => Notes(subject).Count(n => n == note);

    /// <summary>Completes when a subject has noted this so many times in all.</summary>
    public async Task Until(string subject, string note, int times = 1)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_notes.TryGetValue(subject, out var notes) && notes.Count(x => x == note) >= times) return;
            _waiters.Add((subject, note, times, waiter));
        }

        try
        {
            await waiter.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{subject} did not note «{note}» {times} times, only: {string.Join(", ", Notes(subject))}");
        }
    }

    /// <summary>Waits until a test opens a gate.</summary>
    public Task Pass(string name) => Gate(name).Task;

    public void Open(string name) => Gate(name).TrySetResult();

    private TaskCompletionSource Gate(string name)
    {
        lock (_gate)
        {
            if (!_gates.TryGetValue(name, out var gate)) _gates[name] = gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return gate;
        }
    }
}
