using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Grains.Tests.Responders;

/// <summary>Lets a test wait for a grain call that nobody answers to, and break or hold calls of cells.</summary>
internal sealed class CallWatch : IIncomingGrainCallFilter
{
    private readonly Lock _gate = new();
    private readonly List<(string Call, int Count, TaskCompletionSource Seen)> _awaited = [];
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>What happens to searches of a cell, by its key: null lets them through.</summary>
    public Func<string, Task?> OnSearch { get; set; } = static _ => null;

    /// <summary>How often a method was called, for example "IGeocellGrain.Report".</summary>
    public int Count(string call)
    {
        lock (_gate) return _counts.GetValueOrDefault(call);
    }

    /// <summary>Completes when the next call of a method has ended. Ask for it before what causes the call.</summary>
    public Task Next(string call) => Reached(call, Count(call) + 1);

    /// <summary>Completes when a method was called that often.</summary>
    public Task Reached(string call, int count)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_counts.GetValueOrDefault(call) >= count) return Task.CompletedTask;
            _awaited.Add((call, count, seen));
        }

        return seen.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is IGeocellGrain cell && context.MethodName == nameof(IGeocellGrain.Nearest) && OnSearch(cell.GetPrimaryKeyString()) is { } instead) await instead;
        await context.Invoke();
        var call = $"{context.InterfaceMethod.DeclaringType?.Name}.{context.MethodName}";
        lock (_gate)
        {
            var count = _counts[call] = _counts.GetValueOrDefault(call) + 1;
            foreach (var (_, _, seen) in _awaited.Where(a => a.Call == call && a.Count <= count)) seen.TrySetResult();
            _awaited.RemoveAll(a => a.Call == call && a.Count <= count);
        }
    }
}
