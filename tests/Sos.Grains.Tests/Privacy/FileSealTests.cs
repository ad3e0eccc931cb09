using System.Security.Cryptography;
using Sos.Contracts.Operations;
using Sos.Grains.Alerts;
using Sos.Grains.Privacy;

namespace Sos.Grains.Tests.Privacy;

/// <summary>Files of alerts as they are stored: what is changed, moved or cut does not open.</summary>
public sealed class FileSealTests
{
    private const int Chunk = FileSeal.ChunkBytes + FileSeal.TagBytes;
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly (Guid Alert, Guid Attachment) One = (Guid.NewGuid(), Guid.NewGuid());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(FileSeal.ChunkBytes - 1)]
    [InlineData(FileSeal.ChunkBytes)]
    [InlineData(FileSeal.ChunkBytes + 1)]
    [InlineData(3 * FileSeal.ChunkBytes)]
    public async Task What_goes_in_comes_out(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        var stored = await Seal(content);
        Assert.Equal(FileSeal.HeadBytes + length + Math.Max(1, (length + FileSeal.ChunkBytes - 1) / FileSeal.ChunkBytes) * FileSeal.TagBytes, stored.Length);
        Assert.Equal(content, await Open(stored, One.Alert, One.Attachment));
        if (length > 16) Assert.True(stored.AsSpan().IndexOf(content.AsSpan(0, 16)) < 0);
    }

    [Fact]
    public async Task Chunks_cannot_be_changed_swapped_left_out_doubled_cut_off_or_taken_elsewhere()
    {
        var content = RandomNumberGenerator.GetBytes(2 * FileSeal.ChunkBytes + 500);
        var stored = await Seal(content);
        var (head, first, second, last) = (stored[..FileSeal.HeadBytes], stored[FileSeal.HeadBytes..(FileSeal.HeadBytes + Chunk)], stored[(FileSeal.HeadBytes + Chunk)..(FileSeal.HeadBytes + 2 * Chunk)], stored[(FileSeal.HeadBytes + 2 * Chunk)..]);
        var other = await Seal(content);
        byte[][] forgeries =
        [
            [.. head, .. second, .. first, .. last], [.. head, .. first, .. last], [.. head, .. first, .. first, .. second, .. last], [.. head, .. first, .. second],
            [.. head, .. first], [.. head, .. last], head, head[..^1], [], stored[..^1], [.. stored, 0], [.. other[..FileSeal.HeadBytes], .. first, .. second, .. last],
            [.. head, .. other[FileSeal.HeadBytes..]], [.. head, .. other[FileSeal.HeadBytes..(FileSeal.HeadBytes + Chunk)], .. second, .. last],
        ];
        foreach (var forgery in forgeries) Assert.Null(await Open(forgery, One.Alert, One.Attachment));
        Assert.Null(await Open(stored, Guid.NewGuid(), One.Attachment));
        Assert.Null(await Open(stored, One.Alert, Guid.NewGuid()));
        Assert.Null(await Open(stored, One.Attachment, One.Alert));
        for (var at = 0; at < stored.Length; at += 997)
        {
            var changed = stored.ToArray();
            changed[at] ^= 4;
            Assert.Null(await Open(changed, One.Alert, One.Attachment));
        }
    }

    [Fact]
    public async Task Another_key_opens_nothing()
    {
        var stored = await Seal([1, 2, 3]);
        using var seal = FileSeal.Open(stored.AsSpan(0, FileSeal.HeadBytes), RandomNumberGenerator.GetBytes(32), One.Alert, One.Attachment);
        Assert.False(seal!.TryOpen(stored.AsSpan(FileSeal.HeadBytes), last: true, new byte[16]));
    }

    private static async Task<byte[]> Seal(byte[] content)
    {
        var (blobs, name) = (new MemoryBlobs(), new BlobName(One.Alert, Guid.NewGuid()));
        var upload = await blobs.Begin(name);
        var (seal, head) = FileSeal.Begin(Key, One.Alert, One.Attachment);
        await upload.Content.WriteAsync(head);
        await using var stream = new SealedUploadStream(upload, seal);
        for (var at = 0; at < content.Length; at += 7_001) await stream.WriteAsync(content.AsMemory(at, Math.Min(7_001, content.Length - at)));
        await stream.Complete();
        var stored = new MemoryStream();
        await (await blobs.Open(name))!.CopyToAsync(stored);
        return stored.ToArray();
    }

    // Null: it does not open, or not to its end.
    private static async Task<byte[]?> Open(byte[] stored, Guid alert, Guid attachment)
    {
        using var seal = FileSeal.Open(stored.AsSpan(0, Math.Min(stored.Length, FileSeal.HeadBytes)), Key, alert, attachment);
        if (seal is null) return null;
        await using var file = new SealedDownload(new MemoryStream(stored[FileSeal.HeadBytes..]), seal);
        if (!await file.Begin()) return null;
        var output = new MemoryStream();
        try
        {
            await file.CopyTo(output, CancellationToken.None);
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return output.ToArray();
    }
}
