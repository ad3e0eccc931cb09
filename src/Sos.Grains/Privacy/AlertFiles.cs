using System.Security.Cryptography;
using Orleans.Runtime;
using Sos.Contracts.Operations;

namespace Sos.Grains.Privacy;

/// <summary>Writes and reads the files of alerts, each under its alert's own data key; a chunk at a time is in memory.</summary>
public sealed class AlertFiles
{
    private readonly IBlobStore _blobs;
    private readonly OwnerKeys _owners;

    internal AlertFiles(IBlobStore blobs, OwnerKeys owners) => (_blobs, _owners) = (blobs, owners);

    /// <summary>Begins a file; null when there is no such alert.</summary>
    /// <param name="alert">The alert, in whose group the file is.</param>
    /// <param name="attachment">What it is to be opened as.</param>
    /// <param name="blob">Its name, never used before.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task<SealedUploadStream?> Begin(Guid alert, Guid attachment, Guid blob)
    {
        if (await KeyOf(alert) is not { } key) return null;
        var upload = await _blobs.Begin(new BlobName(alert, blob));
        var (seal, head) = FileSeal.Begin(key.Secret, alert, attachment);
        CryptographicOperations.ZeroMemory(key.Secret);
        try
        {
            await upload.Content.WriteAsync(head);
        }
        catch
        {
            seal.Dispose();
            await upload.DisposeAsync();
            throw;
        }

        return new SealedUploadStream(upload, seal);
    }

    /// <summary>Opens a file; null when it is not there, or is not what was stored for this attachment.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="attachment">What it was written as.</param>
    /// <param name="blob">Its name.</param>
    public async Task<SealedDownload?> Open(Guid alert, Guid attachment, Guid blob)
    {
        if (await KeyOf(alert) is not { } key || await _blobs.Open(new BlobName(alert, blob)) is not { } stored) return null;
        var head = new byte[FileSeal.HeadBytes];
        var seal = await stored.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) == head.Length ? FileSeal.Open(head, key.Secret, alert, attachment) : null;
        CryptographicOperations.ZeroMemory(key.Secret);
        if (seal is null)
        {
            await stored.DisposeAsync();
            return null;
        }

        var download = new SealedDownload(stored, seal);
        if (await download.Begin()) return download;
        await download.DisposeAsync();
        return null;
    }

    /// <summary>Deletes a file; again: changes nothing.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="blob">Its name.</param>
    public Task Delete(Guid alert, Guid blob) => _blobs.Delete(new BlobName(alert, blob));

    // As it is stored now: after the end of the alert's data it is another one, and nothing opens.
    private Task<DataKey?> KeyOf(Guid alert) => _owners.Read(new DataKeyOwner("alert", GrainId.Create("sos.alert", alert.ToString("N"))));
}
