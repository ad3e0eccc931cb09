using Orleans.Runtime;
using Sos.Embedded.Runtime;

namespace Orleans
{
    /// <summary>A grain that has reminders.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>A reminder is due. A tick that fails is not repeated; the next one comes a period later.</summary>
        /// <param name="reminderName">The name of the reminder.</param>
        /// <param name="status">When it first ticked, how often it does, and when this tick was due.</param>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }

    /// <summary>Reminders: timers of a grain that are stored and activate it when it is gone.</summary>
    public static class GrainReminderExtensions
    {
        /// <summary>Stores a reminder, in place of one with the same name.</summary>
        /// <param name="grain">The grain.</param>
        /// <param name="reminderName">Its name within the grain.</param>
        /// <param name="dueTime">From now to the first tick.</param>
        /// <param name="period">From tick to tick, at least a minute unless the options say otherwise.</param>
        public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period)
            => RegisterOrUpdateReminder((IGrainBase)grain, reminderName, dueTime, period);

        /// <inheritdoc cref="RegisterOrUpdateReminder(Grain, string, TimeSpan, TimeSpan)"/>
        public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
            if (grain is not IRemindable)
                throw new InvalidOperationException($"{grain.GetType()} does not implement {nameof(IRemindable)}, so it cannot have reminders.");

            return ReminderService.Of(grain).RegisterOrUpdate(grain.GrainContext.GrainId, reminderName, dueTime, period);
        }

        /// <summary>Removes a reminder.</summary>
        /// <param name="grain">The grain.</param>
        /// <param name="reminder">The reminder.</param>
        public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) => UnregisterReminder((IGrainBase)grain, reminder);

        /// <inheritdoc cref="UnregisterReminder(Grain, IGrainReminder)"/>
        public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder)
        {
            ArgumentNullException.ThrowIfNull(reminder);
            return ReminderService.Of(grain).Unregister(grain.GrainContext.GrainId, reminder);
        }

        /// <summary>The reminder of this name, or null.</summary>
        /// <param name="grain">The grain.</param>
        /// <param name="reminderName">Its name within the grain.</param>
        public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) => GetReminder((IGrainBase)grain, reminderName);

        /// <inheritdoc cref="GetReminder(Grain, string)"/>
        public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
            return ReminderService.Of(grain).Get(grain.GrainContext.GrainId, reminderName);
        }

        /// <summary>All reminders of the grain.</summary>
        /// <param name="grain">The grain.</param>
        public static Task<List<IGrainReminder>> GetReminders(this Grain grain) => GetReminders((IGrainBase)grain);

        /// <inheritdoc cref="GetReminders(Grain)"/>
        public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => ReminderService.Of(grain).GetAll(grain.GrainContext.GrainId);
    }
}

namespace Orleans.Runtime
{
    /// <summary>A stored reminder.</summary>
    public interface IGrainReminder
    {
        /// <summary>Its name within the grain.</summary>
        string ReminderName { get; }
    }

    /// <summary>The times of a reminder, given with each tick. UTC.</summary>
    /// <param name="firstTickTime">When the first tick was due.</param>
    /// <param name="period">From tick to tick.</param>
    /// <param name="timeStamp">When this tick was sent.</param>
    [GenerateSerializer, Immutable]
    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        /// <summary>When the first tick was due.</summary>
        [Id(0)]
        public DateTime FirstTickTime { get; } = firstTickTime;

        /// <summary>From tick to tick.</summary>
        [Id(1)]
        public TimeSpan Period { get; } = period;

        /// <summary>When this tick was sent.</summary>
        [Id(2)]
        public DateTime CurrentTickTime { get; } = timeStamp;

        /// <inheritdoc/>
        public override string ToString() => $"<{FirstTickTime:O}, {Period}, {CurrentTickTime:O}>";
    }

    /// <summary>A reminder could not be stored, removed or read.</summary>
    /// <param name="message">What happened.</param>
    public sealed class ReminderException(string message) : OrleansException(message);
}

namespace Orleans.Hosting
{
    /// <summary>Options of reminders.</summary>
    public sealed class ReminderOptions
    {
        /// <summary>The shortest period that is accepted. Default 1 minute.</summary>
        public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
    }
}
