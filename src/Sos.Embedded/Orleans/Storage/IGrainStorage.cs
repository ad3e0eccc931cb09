using Orleans.Runtime;

namespace Orleans.Storage
{
    /// <summary>A storage provider: reads, writes and clears the states of grains.</summary>
    public interface IGrainStorage
    {
        /// <summary>Reads a record into <paramref name="grainState"/>.</summary>
        /// <param name="stateName">The name of the state within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">Gets state, version and whether there is a record.</param>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})"/>
        /// <param name="stateName">The name of the state within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">Gets state, version and whether there is a record.</param>
        /// <param name="cancellationToken">Gives the read up.</param>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
            => ReadStateAsync(stateName, grainId, grainState);

        /// <summary>Writes a record if its version is still the one in <paramref name="grainState"/>, and sets the new version there.</summary>
        /// <param name="stateName">The name of the state within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">State and expected version.</param>
        /// <exception cref="InconsistentStateException">The stored version is another.</exception>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})"/>
        /// <param name="stateName">The name of the state within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">State and expected version.</param>
        /// <param name="cancellationToken">Gives the wait up; the write may happen all the same.</param>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
            => WriteStateAsync(stateName, grainId, grainState);

        /// <summary>Removes a record if its version is still the one in <paramref name="grainState"/>.</summary>
        /// <param name="stateName">The name of the state within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">The expected version; reset afterwards.</param>
        /// <exception cref="InconsistentStateException">The stored version is another.</exception>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})"/>
        /// <param name="stateName">The name of the state within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">The expected version; reset afterwards.</param>
        /// <param name="cancellationToken">Gives the wait up; the record may be removed all the same.</param>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
            => ClearStateAsync(stateName, grainId, grainState);
    }

    /// <summary>Turns states into bytes and back.</summary>
    public interface IGrainStorageSerializer
    {
        /// <summary>The bytes of a state.</summary>
        /// <param name="input">The state.</param>
        BinaryData Serialize<T>(T? input);

        /// <summary>The state of some bytes.</summary>
        /// <param name="input">The bytes.</param>
        T? Deserialize<T>(BinaryData input);
    }

    /// <summary>A record was not written because it has changed since it was read. When it escapes a request, the activation is dropped.</summary>
    public class InconsistentStateException : OrleansException
    {
        /// <summary>Makes an exception without a message of its own.</summary>
        public InconsistentStateException()
        {
        }

        /// <summary>Makes an exception.</summary>
        /// <param name="message">What happened.</param>
        public InconsistentStateException(string message) : base(message)
        {
        }

        /// <summary>Makes an exception with its cause.</summary>
        /// <param name="message">What happened.</param>
        /// <param name="innerException">The cause.</param>
        public InconsistentStateException(string message, Exception? innerException) : base(message, innerException!)
        {
        }

        /// <summary>Makes an exception that names both versions.</summary>
        /// <param name="errorMsg">What happened.</param>
        /// <param name="storedEtag">The version in the store.</param>
        /// <param name="currentEtag">The version in memory.</param>
        /// <param name="storageException">The cause.</param>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException) : base(errorMsg, storageException!)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        /// <summary>Makes an exception that names both versions.</summary>
        /// <param name="errorMsg">What happened.</param>
        /// <param name="storedEtag">The version in the store.</param>
        /// <param name="currentEtag">The version in memory.</param>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag) : this(errorMsg, storedEtag, currentEtag, null)
        {
        }

        /// <summary>Makes an exception that names both versions.</summary>
        /// <param name="storedEtag">The version in the store.</param>
        /// <param name="currentEtag">The version in memory.</param>
        /// <param name="storageException">The cause.</param>
        public InconsistentStateException(string? storedEtag, string? currentEtag, Exception storageException)
            : this(storageException.Message, storedEtag, currentEtag, storageException)
        {
        }

        /// <summary>The version in the store.</summary>
        public string? StoredEtag { get; }

        /// <summary>The version in memory.</summary>
        public string? CurrentEtag { get; }

        // Only the activation whose state is stale is dropped, not every caller that the exception passes through.
        internal bool IsSourceActivation { get; set; } = true;

        /// <inheritdoc/>
        public override string ToString() => $"{nameof(InconsistentStateException)}: {Message} Expected Etag={StoredEtag} Received Etag={CurrentEtag} {InnerException}";
    }
}

namespace Orleans
{
    /// <summary>A state on its way between a grain and its storage provider.</summary>
    /// <typeparam name="T">The state class.</typeparam>
    public interface IGrainState<T>
    {
        /// <summary>The state.</summary>
        T State { get; set; }

        /// <summary>The version of the record, or null.</summary>
        string? ETag { get; set; }

        /// <summary>Whether there is a record.</summary>
        bool RecordExists { get; set; }
    }

    /// <summary>A state on its way between a grain and its storage provider.</summary>
    /// <typeparam name="T">The state class.</typeparam>
    public sealed class GrainState<T> : IGrainState<T>
    {
        /// <summary>Makes an empty state.</summary>
        public GrainState()
        {
            State = default!;
        }

        /// <summary>Makes a state without a version.</summary>
        /// <param name="state">The state.</param>
        public GrainState(T state) : this(state, null)
        {
        }

        /// <summary>Makes a state.</summary>
        /// <param name="state">The state.</param>
        /// <param name="eTag">The version.</param>
        public GrainState(T state, string? eTag)
        {
            State = state;
            ETag = eTag;
        }

        /// <inheritdoc/>
        public T State { get; set; }

        /// <inheritdoc/>
        public string? ETag { get; set; }

        /// <inheritdoc/>
        public bool RecordExists { get; set; }
    }
}
