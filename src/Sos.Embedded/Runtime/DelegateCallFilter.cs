using Orleans;

namespace Sos.Embedded.Runtime;

/// <summary>A call filter that is a function.</summary>
internal sealed class DelegateCallFilter(IncomingGrainCallFilterDelegate filter) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) => filter(context);
}
