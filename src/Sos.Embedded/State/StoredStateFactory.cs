using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Embedded.Runtime;

namespace Sos.Embedded.State;

/// <summary>Makes the states that grain constructors ask for.</summary>
internal sealed class StoredStateFactory(ILoggerFactory loggers) : IPersistentStateFactory
{
    private readonly ILogger _logger = loggers.CreateLogger("Sos.Embedded.State");

    public IPersistentState<TState> Create<TState>(IActivation activation, string stateName, string? storageName)
    {
        var services = activation.ActivationServices;
        var storage = (storageName is null ? services.GetService<IGrainStorage>() : services.GetKeyedService<IGrainStorage>(storageName))
            ?? throw new OrleansException($"There is no storage provider \"{storageName ?? "(default)"}\" for state {stateName} of {activation.GrainId.Type}.");
        var state = new StoredState<TState>(activation, stateName, storage, _logger);
        activation.Add(state);
        return state;
    }
}
