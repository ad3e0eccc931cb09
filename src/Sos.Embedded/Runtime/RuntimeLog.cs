using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime;

/// <summary>What the runtime writes to the log. The key of a grain may be personal, so grains appear by their type only.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(1, LogLevel.Debug, "An observer of {Interface} failed and was removed.")]
    public static partial void ObserverRemoved(ILogger log, string @interface, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "{Method} failed. It is one-way, so nobody but this log hears of it.")]
    public static partial void OneWayFailed(ILogger log, GrainMethod method, Exception failure);

    [LoggerMessage(3, LogLevel.Error, "A {Type} could not be activated. The waiting calls fail; the next one tries again.")]
    public static partial void ActivationFailed(ILogger log, GrainType type, Exception failure);

    [LoggerMessage(4, LogLevel.Warning, "A {Type} failed while it was deactivated. It is gone all the same.")]
    public static partial void DeactivationFailed(ILogger log, GrainType type, Exception failure);

    [LoggerMessage(5, LogLevel.Warning, "{Method} was not answered in time. Its outcome is unknown to its caller.")]
    public static partial void CallTimedOut(ILogger log, GrainMethod method);

    [LoggerMessage(6, LogLevel.Information, "The embedded silo is up with {Classes} grain classes.")]
    public static partial void Started(ILogger log, int classes);

    [LoggerMessage(7, LogLevel.Information, "The embedded silo stops: {Activations} activations to end.")]
    public static partial void Stopping(ILogger log, int activations);

    [LoggerMessage(8, LogLevel.Warning, "{Activations} activations had not ended when the time to stop was over.")]
    public static partial void StoppedInHaste(ILogger log, int activations);
}
