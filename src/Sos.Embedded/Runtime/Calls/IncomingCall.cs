using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime.Calls;

/// <summary>One request on its way through the call filters. Made only where there are filters.</summary>
internal sealed class IncomingCall(
    IGrainContext target, object grain, GrainCall call, IIncomingGrainCallFilter[] filters, Func<MethodInfo, MethodInfo> implementationOf)
    : IIncomingGrainCallContext
{
    private int _next;

    public object Grain => grain;

    public IGrainContext TargetContext => target;

    public GrainId TargetId => target.GrainId;

    public GrainId? SourceId => call.Source?.GrainId;

    public MethodInfo InterfaceMethod => call.Method.Method;

    public MethodInfo ImplementationMethod => implementationOf(call.Method.Method);

    public string InterfaceName => call.Method.InterfaceName;

    public string MethodName => call.Method.Method.Name;

    public object? Result { get; set; }

    /// <summary>Runs filters and method.</summary>
    /// <returns>A task that has the result under <see cref="FilteredResult"/>.</returns>
    public async Task<FilteredResult> Run()
    {
        await Invoke();
        return new FilteredResult(Result);
    }

    public async Task Invoke()
    {
        var at = _next++;
        if (at < filters.Length)
        {
            await filters[at].Invoke(this);
        }
        else if (at == filters.Length && grain is IIncomingGrainCallFilter own)
        {
            // The grain's own filter is the innermost one.
            await own.Invoke(this);
        }
        else
        {
            var task = call.Invoke(grain);
            await task;
            Result = call.ResultOf(task);
        }
    }
}

/// <summary>The result of a request that went through call filters; they may have replaced it.</summary>
internal sealed record FilteredResult(object? Value);
