using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Sos.Simulator.Reporting;
using Sos.TestKit.Client;

namespace Sos.Simulator.Load;

/// <summary>Presses by callers who have no open alert.</summary>
internal sealed class PressLoad
{
    private readonly Channel<ApiClient> _free;
    private readonly Histogram _times = new();
    private int _failed;
    private int _merged;
    private int _waited;
    private string? _firstFailure;

    public PressLoad(IReadOnlyCollection<ApiClient> callers)
    {
        _free = Channel.CreateUnbounded<ApiClient>();
        foreach (var caller in callers) _free.Writer.TryWrite(caller);
    }

    /// <summary>
    /// Open loop: a press is due every 1/rate seconds and its time counts from when it was due, so that a slow answer is paid for by
    /// all that had to wait behind it (G. Tene, "coordinated omission").
    /// </summary>
    public async Task<int> AtRate(double perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var total = (int)(perSecond * duration.TotalSeconds);
        var bar = new ProgressBar("Fixed rate", total);
        var running = new List<Task>(total);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < total; i++)
        {
            var due = began + (long)(i / perSecond * Stopwatch.Frequency);
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } early) await Task.Delay(early, TimeProvider.System, cancellationToken);
            running.Add(PressAndCallOff(due, cancellationToken));
            bar.Show(i, $"{_times.Count} accepted");
        }

        await Task.WhenAll(running);
        bar.Finish($"{_times.Count} accepted at {perSecond:F0}/s");
        return Report("open loop, from when due");
    }

    /// <summary>
    /// Closed loop: every worker presses again as soon as it may. In waves: everybody presses, then all is called off, until
    /// <paramref name="duration"/> was spent pressing; only the pressing is timed.
    /// </summary>
    public async Task<int> Saturated(int workers, TimeSpan duration, CancellationToken cancellationToken)
    {
        var pressing = TimeSpan.Zero;
        var wave = new ConcurrentBag<(ApiClient Caller, string Alert)>();
        while (pressing < duration)
        {
            var began = Stopwatch.GetTimestamp();
            await ByWorkers(workers, async () =>
            {
                while (pressing + Stopwatch.GetElapsedTime(began) < duration && _free.Reader.TryRead(out var caller))
                    if (await Press(caller, Stopwatch.GetTimestamp(), cancellationToken) is { } alert) wave.Add((caller, alert));
            });
            pressing += Stopwatch.GetElapsedTime(began);
            await ByWorkers(workers, async () =>
            {
                while (wave.TryTake(out var pressed)) await CallOff(pressed.Caller, pressed.Alert, cancellationToken);
            });
        }

        Console.WriteLine($"Saturated: {_times.Count} accepted in {pressing.TotalSeconds:F1} s of pressing by {workers} workers: {_times.Count / pressing.TotalSeconds:F0}/s");
        return Report("closed loop");
    }

    /// <summary>Closed loop in which every press is called off at once: two durable commands a round.</summary>
    public async Task<int> Mixed(int workers, TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await ByWorkers(workers, async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < duration) await PressAndCallOff(Stopwatch.GetTimestamp(), cancellationToken);
        });
        var took = Stopwatch.GetElapsedTime(began);
        Console.WriteLine($"Mixed: {_times.Count} accepted in {took.TotalSeconds:F1} s by {workers} workers: {_times.Count / took.TotalSeconds:F0}/s, and as many called off");
        return Report("closed loop");
    }

    /// <summary>Presses and calls off so many times, untimed.</summary>
    /// <exception cref="InvalidOperationException">Something was refused.</exception>
    public async Task Fill(int count, int workers, CancellationToken cancellationToken)
    {
        var bar = new ProgressBar("Alerts", count);
        var begun = 0;
        await ByWorkers(workers, async () =>
        {
            for (var i = Interlocked.Increment(ref begun); i <= count; i = Interlocked.Increment(ref begun))
            {
                await PressAndCallOff(Stopwatch.GetTimestamp(), cancellationToken);
                bar.Show(i, "stored");
            }
        });
        bar.Finish($"{count} stored");
        if (_failed > 0) throw new InvalidOperationException($"{_failed} of {count} presses failed; the first: {_firstFailure}");
    }

    private static Task ByWorkers(int workers, Func<Task> work) => Task.WhenAll(Enumerable.Range(0, workers).Select(_ => work()));

    private async Task PressAndCallOff(long due, CancellationToken cancellationToken)
    {
        if (!_free.Reader.TryRead(out var caller))
        {
            Interlocked.Increment(ref _waited);
            caller = await _free.Reader.ReadAsync(cancellationToken);
        }

        if (await Press(caller, due, cancellationToken) is { } alert) await CallOff(caller, alert, cancellationToken);
    }

    /// <summary>Answers the alert's id, or null when the press was refused; the caller is then free again.</summary>
    private async Task<string?> Press(ApiClient caller, long due, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var answer = await caller.Post("alerts", new { id, kind = "medical", position = new { latitude = 46.2, longitude = -28.4 }, holdSeconds = 10 }, cancellationToken);
        var took = Stopwatch.GetElapsedTime(due);
        if (!answer.Succeeded)
        {
            Fail(answer);
            _free.Writer.TryWrite(caller);
            return null;
        }

        if ((int)answer.Status != 201) Interlocked.Increment(ref _merged);
        else _times.Record(took);
        return answer.Member("id");
    }

    private async Task CallOff(ApiClient caller, string alert, CancellationToken cancellationToken)
    {
        var cancelled = await caller.Post($"alerts/{alert}/cancel", new { reason = "load" }, cancellationToken);
        if (!cancelled.Succeeded) Fail(cancelled);
        _free.Writer.TryWrite(caller);
    }

    private void Fail(ApiAnswer answer)
    {
        Interlocked.Increment(ref _failed);
        Interlocked.CompareExchange(ref _firstFailure, answer.ToString(), null);
    }

    private int Report(string how)
    {
        Console.WriteLine($"  {"",-26}{"n",8}{"p50",11}{"p90",11}{"p99",11}{"longest",11}");
        Console.WriteLine($"  {"press → 201, " + how,-26}{_times.Count,8}{_times}");
        Console.WriteLine($"  {_failed} failed, {_merged} merged into an alert still open, {_waited} waited for a free caller");
        if (_firstFailure is not null) Console.WriteLine($"  the first failure: {_firstFailure}");
        return _failed;
    }
}
