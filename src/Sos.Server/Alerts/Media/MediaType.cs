using Microsoft.Net.Http.Headers;
using Sos.Contracts.Alerts;

namespace Sos.Server.Alerts.Media;

/// <summary>A kind of file that is taken.</summary>
/// <param name="Name">As it is stored and given out.</param>
/// <param name="Kind">Photo or voice.</param>
/// <param name="Extension">For the name that it is given out under.</param>
/// <param name="Clean">Copies one, checks it and leaves out what nobody asked to give away.</param>
internal sealed record MediaType(string Name, AttachmentKind Kind, string Extension, Func<MediaReader, Stream, int, Task> Clean)
{
    /// <summary>What is taken, for people.</summary>
    public const string Taken = "Photos are taken as image/jpeg, image/png or image/webp, recordings as audio/webm (Opus), audio/ogg (Opus) or audio/mp4, each as the whole body.";

    public static MediaType Jpeg { get; } = new("image/jpeg", AttachmentKind.Photo, "jpg", JpegCleaner.Clean);

    public static MediaType Png { get; } = new("image/png", AttachmentKind.Photo, "png", PngCleaner.Clean);

    public static MediaType WebP { get; } = new("image/webp", AttachmentKind.Photo, "webp", WebPCleaner.Clean);

    public static MediaType WebM { get; } = new("audio/webm", AttachmentKind.Voice, "webm", static (input, output, _) => WebMCleaner.Clean(input, output));

    public static MediaType Ogg { get; } = new("audio/ogg", AttachmentKind.Voice, "ogg", static (input, output, _) => OggCleaner.Clean(input, output));

    public static MediaType Mp4 { get; } = new("audio/mp4", AttachmentKind.Voice, "m4a", static (input, output, _) => Mp4Cleaner.Clean(input, output));

    /// <summary>Every type that is taken.</summary>
    public static IReadOnlyList<MediaType> All { get; } = [Jpeg, Png, WebP, WebM, Ogg, Mp4];

    /// <summary>The type of a Content-Type header, parameters like <c>codecs=opus</c> aside; null for what is not taken.</summary>
    public static MediaType? Declared(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return null;
        return type.MediaType.ToString().ToLowerInvariant() switch
        {
            "image/jpeg" or "image/jpg" => Jpeg,
            "image/png" => Png,
            "image/webp" => WebP,
            "audio/webm" => WebM,
            "audio/ogg" or "audio/opus" => Ogg,
            "audio/mp4" or "audio/m4a" or "audio/x-m4a" => Mp4,
            _ => null,
        };
    }

    /// <summary>The type of that name.</summary>
    public static MediaType Named(string name) => Declared(name) ?? throw new InvalidDataException("An attachment of an unknown type is stored.");
}
