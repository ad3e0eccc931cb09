using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Sos.Embedded.Runtime;

namespace Sos.Embedded.Reminders;

/// <summary>How reminders join a silo.</summary>
public static class RecordRemindersHosting
{
    /// <summary>Keeps reminders in the record store; <see cref="IReminderTable"/> reads them.</summary>
    /// <param name="silo">The silo, with a record store.</param>
    public static ISiloBuilder AddRecordReminders(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<ReminderOptions>();
        silo.Services.AddSingleton<RecordReminderTable>();
        silo.Services.AddSingleton<IReminderTable>(static services => services.GetRequiredService<RecordReminderTable>());
        silo.Services.AddSingleton<RecordReminderService>();
        silo.Services.AddSingleton<IReminderService>(static services => services.GetRequiredService<RecordReminderService>());
        silo.Services.AddSingleton<ISiloPart>(static services => services.GetRequiredService<RecordReminderService>());
        return silo;
    }
}
