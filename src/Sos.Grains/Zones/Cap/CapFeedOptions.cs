using Microsoft.Extensions.Options;

namespace Sos.Grains.Zones.Cap;

/// <summary>A feed of official warnings: an entry of <c>Sos:Cap:Feeds</c>. Who names it here trusts its address; signatures are not looked at.</summary>
public sealed class CapFeedOptions
{
    /// <summary>Its name: 1 to 40 lower-case letters, digits and hyphens. A new name is a new feed.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its address: https, of an Atom or RSS feed whose entries link to messages on the same host, or of one message.</summary>
    public Uri? Url { get; set; }

    /// <summary>It is asked again after so long; after a failure twice as long each time, up to six hours. Default 2 min; 1 min to 1 day.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>What is wrong with a list of feeds; null: nothing.</summary>
    internal static string? Fault(CapOptions options)
    {
        foreach (var feed in options.Feeds)
        {
            if (feed.Name.Length is 0 or > 40 || !feed.Name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return "Sos:Cap:Feeds: a name has 1 to 40 lower-case letters, digits and hyphens.";
            if (feed.Url is not { IsAbsoluteUri: true } url || url.UserInfo.Length > 0 || url.Scheme != Uri.UriSchemeHttps && !(options.AllowLocalFeeds && url.Scheme == Uri.UriSchemeHttp))
                return $"Sos:Cap:Feeds: the address of {feed.Name} must be https, without a user's name.";
            if (feed.Every < TimeSpan.FromMinutes(1) || feed.Every > TimeSpan.FromDays(1)) return $"Sos:Cap:Feeds: {feed.Name} is asked every minute to every day.";
        }

        return options.Feeds.Select(feed => feed.Name).Distinct().Count() == options.Feeds.Count ? null : "Sos:Cap:Feeds: two feeds have one name.";
    }
}

/// <summary>Says at the start which feed cannot work.</summary>
internal sealed class CapFeedValidation : IValidateOptions<CapOptions>
{
    public ValidateOptionsResult Validate(string? name, CapOptions options) => CapFeedOptions.Fault(options) is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
}
