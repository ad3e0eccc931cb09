using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims;

/// <summary>A call filter that keeps what it saw, by the grain that was called.</summary>
public sealed class RecordingFilter : IIncomingGrainCallFilter
{
    private readonly ConcurrentQueue<Seen> _seen = [];

    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _seen.Enqueue(new Seen(context.TargetId, context.SourceId, context.InterfaceName, context.MethodName, TaskScheduler.Current != TaskScheduler.Default));
        return context.Invoke();
    }

    public IReadOnlyList<Seen> At(GrainId target) => [.. _seen.Where(s => s.Target == target)];

    public sealed record Seen(GrainId Target, GrainId? Source, string Interface, string Method, bool InTurn);
}
