using System.Buffers;
using Sos.Server.Alerts;

namespace Sos.Server.Trackers;

/// <summary>A tracker's body as far as it came: bounded in bytes and time as the press of the SOS button is, since it may be one.</summary>
/// <param name="Bytes">At most <see cref="PressBody.MaxBytes"/>.</param>
/// <param name="IsCut">There was more.</param>
internal readonly record struct IngestBody(ReadOnlyMemory<byte> Bytes, bool IsCut)
{
    /// <summary>Reads it.</summary>
    public static async ValueTask<IngestBody> Read(HttpContext context)
    {
        if (context.Request.Method == HttpMethods.Get) return default;
        var (buffer, length, warnings) = await PressBody.Read(context);
        var bytes = buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return new IngestBody(bytes, (warnings & PressWarnings.BodyCut) != 0);
    }
}
