using Microsoft.Extensions.Options;

namespace Sos.Grains.Alerts;

/// <summary>Photos and recordings of alerts. Section <c>Sos:Attachments</c>.</summary>
public sealed class AttachmentOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Sos:Attachments";

    /// <summary>Most bytes of one, as sent. Default 10 MiB; 64 KiB to 50 MiB.</summary>
    public long MaxBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Most of one alert. Default 20; 1 to 50.</summary>
    public int MostPerAlert { get; set; } = 20;

    /// <summary>Most pixels of a photo: more would fill the memory of whoever looks at it. Default 64 million; 1 to 500 million.</summary>
    public int MaxPixels { get; set; } = 64_000_000;

    /// <summary>How long an upload may take; after it its place is free again. Default 10 minutes, which is 18 KB/s; 1 minute to 1 hour.</summary>
    public TimeSpan UploadWithin { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an address to read one is good. Default 5 minutes; 30 seconds to 5 minutes.</summary>
    public TimeSpan UrlLife { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Folder of the files; servers of one cluster share it. Default <c>attachments</c> in the data folder.</summary>
    public string? Directory { get; set; }

    internal sealed class Validator : IValidateOptions<AttachmentOptions>
    {
        public ValidateOptionsResult Validate(string? name, AttachmentOptions options)
        {
            if (options.MaxBytes is < 64 * 1024 or > 50 * 1024 * 1024) return Fail(nameof(MaxBytes), "64 KiB to 50 MiB");
            if (options.MostPerAlert is < 1 or > 50) return Fail(nameof(MostPerAlert), "1 to 50");
            if (options.MaxPixels is < 1_000_000 or > 500_000_000) return Fail(nameof(MaxPixels), "1 to 500 million");
            if (options.UploadWithin < TimeSpan.FromMinutes(1) || options.UploadWithin > TimeSpan.FromHours(1)) return Fail(nameof(UploadWithin), "1 minute to 1 hour");
            return options.UrlLife < TimeSpan.FromSeconds(30) || options.UrlLife > TimeSpan.FromMinutes(5)
                ? Fail(nameof(UrlLife), "30 seconds to 5 minutes")
                : ValidateOptionsResult.Success;
        }

        private static ValidateOptionsResult Fail(string option, string range) => ValidateOptionsResult.Fail($"{Section}:{option} must be {range}.");
    }
}
