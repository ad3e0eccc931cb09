using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Zones.Cap;

namespace Sos.Server.Zones.Cap;

/// <summary>Starts the feeds of the configuration when a server starts; from then on their own reminders ask.</summary>
internal sealed partial class CapFeedStart(IGrainFactory grains, IOptions<CapOptions> options, TimeProvider time, ILogger<CapFeedStart> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var feed in options.Value.Feeds)
        {
            while (!await Start(feed.Name)) await Task.Delay(RetryAfter, time, stoppingToken);
        }
    }

    private async Task<bool> Start(string feed)
    {
        try
        {
            await grains.GetGrain<ICapFeedGrain>(feed).Start();
            return true;
        }
        catch (Exception trouble)
        {
            LogNotStarted(feed, trouble.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The feed of warnings {Feed} could not be started ({Exception}); tried again.")]
    private partial void LogNotStarted(string feed, string exception);
}

/// <summary>What official warnings need beside their routes.</summary>
internal static class CapServices
{
    public static WebApplicationBuilder AddWarningFeeds(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ICapNetwork, CapNetwork>();
        builder.Services.AddSingleton<ICapFetcher, CapFetcher>();
        builder.Services.AddHostedService<CapFeedStart>();
        return builder;
    }
}
