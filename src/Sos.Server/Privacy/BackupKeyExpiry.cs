using Microsoft.Extensions.Options;
using Sos.Grains.Privacy;
using Sos.Server.Identity;

namespace Sos.Server.Privacy;

/// <summary>Destroys the keys of backups when their time is over; a clock that was set forward by mistake destroys nothing, as with alerts.</summary>
internal sealed partial class BackupKeyExpiry(KeyFolder keys, IOptions<PrivacyOptions> options, TimeProvider time, ILogger<BackupKeyExpiry> logger) : BackgroundService
{
    private readonly Dictionary<string, DueConfirmation> _due = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var looks = new PeriodicTimer(options.Value.ConfirmAfter, time);
        do Look();
        while (await looks.WaitForNextTickAsync(stoppingToken));
    }

    private void Look()
    {
        try
        {
            foreach (var (name, endsAt) in BackupKeys.All(keys))
            {
                if (!_due.TryGetValue(name, out var confirmation)) _due[name] = confirmation = new DueConfirmation(time, options.Value.ConfirmAfter);
                if (!confirmation.Look(endsAt)) continue;
                keys.Destroy(name);
                _due.Remove(name);
                LogDestroyed(name);
            }
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // The next look tries again.
            LogTrouble(trouble.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The key {Name} of a backup was destroyed: the alerts in it cannot be read any more")]
    private partial void LogDestroyed(string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "Keys of backups whose time is over could not be destroyed ({Exception})")]
    private partial void LogTrouble(string exception);
}
