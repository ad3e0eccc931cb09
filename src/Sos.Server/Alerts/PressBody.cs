using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Sos.Server.Alerts;

/// <summary>Takes the body of a press from the connection: as much as comes, at most <see cref="MaxBytes"/>, and never longer than <see cref="Patience"/>.</summary>
internal static class PressBody
{
    /// <summary>What lies beyond is not read.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int UsualBytes = 1024;

    /// <summary>How long a slow connection may keep the press from being taken with what has come so far.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Reads the body into a rented buffer, which the caller gives back.</summary>
    public static async ValueTask<(byte[] Buffer, int Length, PressWarnings Warnings)> Read(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var warnings = IsJson(context.Request.ContentType) ? PressWarnings.None : PressWarnings.ContentType;
        var body = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(context.Request.ContentLength ?? 0, UsualBytes, MaxBytes));
        var length = 0;
        using var patience = new CancellationTokenSource(Patience);
        var reader = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(patience.Token);
                var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, MaxBytes - length));
                body = Grown(body, length, length + (int)part.Length);
                part.CopyTo(body.AsSpan(length));
                length += (int)part.Length;
                var cut = part.Length < read.Buffer.Length;
                reader.AdvanceTo(part.End);
                if (cut) warnings |= PressWarnings.BodyCut;
                if (cut || read.IsCompleted || read.IsCanceled) break;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidDataException)
        {
            // Too slow, gone, or broken in its framing: what has come so far is the press.
            warnings |= PressWarnings.BodyTruncated;
        }

        return (body, length, warnings);
    }

    private static byte[] Grown(byte[] body, int length, int needed)
    {
        if (needed <= body.Length) return body;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(Math.Max(needed, 2 * body.Length), MaxBytes));
        body.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(body);
        return larger;
    }

    private static bool IsJson(string? contentType) =>
        contentType is null || (MediaTypeHeaderValue.TryParse(contentType, out var type) && (type.SubType == "json" || type.SubTypeWithoutSuffix == "json" || type.Suffix == "json"));
}
