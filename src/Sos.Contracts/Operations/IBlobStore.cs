namespace Sos.Contracts.Operations;

/// <summary>A file of the service.</summary>
/// <param name="Group">What it belongs to, like an alert: everything of it can be deleted at once.</param>
/// <param name="Id">Its name, made by the service.</param>
public readonly record struct BlobName(Guid Group, Guid Id);

/// <summary>
/// Files too large for records. The store knows nothing of their content: who writes encrypts. A file is there whole or not at all, and is never
/// changed. The embedded build keeps them in the data folder; Azure in Blob Storage.
/// </summary>
public interface IBlobStore
{
    /// <summary>Begins a file; nothing of it can be opened before <see cref="BlobUpload.Complete"/>.</summary>
    /// <param name="name">A name that was never used before.</param>
    /// <exception cref="IOException">There is such a file, or it cannot be written.</exception>
    Task<BlobUpload> Begin(BlobName name);

    /// <summary>Opens a file for reading from its start; null when there is none.</summary>
    /// <param name="name">Which.</param>
    Task<Stream?> Open(BlobName name);

    /// <summary>Deletes a file, also one that was begun and never completed; again: changes nothing.</summary>
    /// <param name="name">Which.</param>
    Task Delete(BlobName name);

    /// <summary>Deletes every file of a group, also those that were begun; again: changes nothing.</summary>
    /// <param name="group">Which group.</param>
    Task DeleteAll(Guid group);
}

/// <summary>A file that is being written. Disposed of before it was completed, it has never been.</summary>
public abstract class BlobUpload : IAsyncDisposable
{
    /// <summary>Takes the content in order.</summary>
    public abstract Stream Content { get; }

    /// <summary>Makes the file durable and then visible.</summary>
    /// <exception cref="IOException">It could not be, or its group was deleted meanwhile.</exception>
    public abstract Task Complete();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
