using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Sos.Server.Hosting;

/// <summary>A start that is refused; the message is one sentence for the person who runs the service and says what to do.</summary>
public sealed class StartupException(string sentence) : Exception(sentence)
{
    /// <summary>The sentence for a failed start, or null when the failure is not one that the person who runs it can put right.</summary>
    /// <param name="failure">What ended the start.</param>
    /// <param name="addresses">Addresses that the service was to listen on.</param>
    internal static string? SentenceFor(Exception failure, string? addresses) => failure switch
    {
        StartupException refusal => refusal.Message,
        OptionsValidationException options => $"A setting is not valid: {string.Join(" ", options.Failures)}",
        _ when SosSilo.FolderRefusal(failure) is { } sentence => sentence,
        IOException { InnerException: { } inner } when IsAddressInUse(inner) =>
            $"The port is in use ({addresses ?? "the default address"}); end the other program or choose another with --urls http://localhost:PORT.",
        IOException { InnerException: SocketException or InvalidOperationException } or SocketException =>
            $"The service cannot listen on {addresses ?? "the default address"} ({failure.Message}); choose another address with --urls.",
        AggregateException { InnerExceptions: [var only] } => SentenceFor(only, addresses),
        _ => null,
    };

    private static bool IsAddressInUse(Exception inner) =>
        inner is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        || inner is AggregateException group && group.InnerExceptions.Any(IsAddressInUse)
        || inner.InnerException is { } deeper && IsAddressInUse(deeper);
}
