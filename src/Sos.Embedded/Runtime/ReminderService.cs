using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime;

/// <summary>Keeps the reminders of grains and ticks them by calling <see cref="IRemindable.ReceiveReminder"/>. Registered by the store.</summary>
internal interface IReminderService
{
    Task<IGrainReminder> RegisterOrUpdate(GrainId grainId, string reminderName, TimeSpan dueTime, TimeSpan period);

    Task Unregister(GrainId grainId, IGrainReminder reminder);

    Task<IGrainReminder?> Get(GrainId grainId, string reminderName);

    Task<List<IGrainReminder>> GetAll(GrainId grainId);
}

/// <summary>Finds the reminder service of a grain.</summary>
internal static class ReminderService
{
    public static IReminderService Of(IGrainBase grain)
    {
        var activation = IActivation.Of(grain);
        activation.EnsureAccess();
        return activation.Silo.Services.GetService<IReminderService>()
            ?? throw new InvalidOperationException("This silo keeps no reminders: UseSosEmbedded was told to run without a store.");
    }
}
