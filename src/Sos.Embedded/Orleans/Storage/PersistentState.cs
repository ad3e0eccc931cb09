using Orleans.Core;

namespace Orleans.Core
{
    /// <summary>The stored state of a grain. One write or read at a time; each awaits the store, so other turns may run meanwhile.</summary>
    public interface IStorage
    {
        /// <summary>The version of the record that is in memory, or null where there is none.</summary>
        string? Etag { get; }

        /// <summary>Whether there is a record.</summary>
        bool RecordExists { get; }

        /// <summary>Removes the record.</summary>
        Task ClearStateAsync();

        /// <inheritdoc cref="ClearStateAsync()"/>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <summary>Writes the state. When the task completes, it is durable.</summary>
        /// <exception cref="Orleans.Storage.InconsistentStateException">The record has changed since it was read.</exception>
        Task WriteStateAsync();

        /// <inheritdoc cref="WriteStateAsync()"/>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <summary>Reads the record; what was changed in memory and not written is lost.</summary>
        Task ReadStateAsync();

        /// <inheritdoc cref="ReadStateAsync()"/>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <summary>The stored state of a grain, typed.</summary>
    /// <typeparam name="TState">The state class.</typeparam>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state in memory.</summary>
        /// <exception cref="InvalidOperationException">It is read or set off the scheduler of its activation.</exception>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>The stored state of a grain, injected with <see cref="PersistentStateAttribute"/> and read before <c>OnActivateAsync</c>.</summary>
    /// <typeparam name="TState">The state class.</typeparam>
    public interface IPersistentState<TState> : IStorage<TState>;

    /// <summary>Injects a stored state into the constructor of a grain.</summary>
    /// <param name="stateName">The name of the state within the grain.</param>
    /// <param name="storageName">The name of the storage provider.</param>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
    {
        /// <summary>The name of the state within the grain.</summary>
        public string StateName { get; } = stateName;

        /// <summary>The name of the storage provider; null for the default one.</summary>
        public string? StorageName { get; } = storageName;
    }
}
