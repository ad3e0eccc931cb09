using Microsoft.Extensions.Logging;

namespace Sos.Grains.Alerts;

/// <summary>What the alert writes into the log: ids and kinds, never people, numbers or places.</summary>
internal sealed partial class AlertGrain
{
    [LoggerMessage(1001, LogLevel.Warning, "The reminder of alert {Alert} could not be registered in time; it will be tried again.")]
    private static partial void LogReminderLate(ILogger logger, Exception exception, Guid alert);

    [LoggerMessage(1002, LogLevel.Warning, "A reservation for alert {Alert} has an unknown outcome; the next responder is tried.")]
    private static partial void LogReservationUnknown(ILogger logger, Exception exception, Guid alert);

    [LoggerMessage(1003, LogLevel.Warning, "Outbox item {Item} ({Kind}) of alert {Alert} was not taken at try {Try}.")]
    private static partial void LogNotTaken(ILogger logger, Exception exception, Guid alert, long item, OutboxKind kind, int @try);

    [LoggerMessage(1004, LogLevel.Error, "Outbox item {Item} ({Kind}) of alert {Alert} is given up after {Tries} tries.")]
    private static partial void LogGivenUp(ILogger logger, Guid alert, long item, OutboxKind kind, int tries);

    private void LogReminderLate(Exception exception) => LogReminderLate(logger, exception, Id);

    private void LogReservationUnknown(Exception exception) => LogReservationUnknown(logger, exception, Id);
}
