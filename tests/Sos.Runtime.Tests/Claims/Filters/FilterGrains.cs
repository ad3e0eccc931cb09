using Orleans;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims.Filters;

public interface IFilteredGrain : IGrainWithStringKey
{
    Task<string> Say(string text);

    Task<string> SayThrough(IFilteredGrain other, string text);

    Task<int> Calls();
}

/// <summary>A grain that filters its own calls.</summary>
[GrainType("claims.filtered")]
internal sealed class FilteredGrain : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    private int _calls;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName == nameof(IFilteredGrain.Say)) _calls++;
        await context.Invoke();
    }

    public Task<string> Say(string text) => Task.FromResult(text);

    public Task<string> SayThrough(IFilteredGrain other, string text) => other.Say(text);

    public Task<int> Calls() => Task.FromResult(_calls);
}

/// <summary>A filter of the silo that refuses, answers itself, or changes the answer, as the text of <see cref="IFilteredGrain.Say"/> asks.</summary>
public sealed class MeddlingFilter(string name) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.InterfaceMethod.Name != nameof(IFilteredGrain.Say) || context.TargetContext.GrainInstance is not FilteredGrain)
        {
            await context.Invoke();
            return;
        }

        var text = RequestContext.Get("meddle") as string;
        if (text == "refuse") throw new UnauthorizedAccessException("not you");
        if (text == "answer")
        {
            context.Result = "answered by " + name;
            return;
        }

        await context.Invoke();
        context.Result += " " + name;
    }
}
