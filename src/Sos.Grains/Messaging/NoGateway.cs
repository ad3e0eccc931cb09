using Sos.Contracts.Messaging;

namespace Sos.Grains.Messaging;

/// <summary>A deployment without messages: none is taken, and whoever sends learns that.</summary>
internal sealed class NoGateway : ISmsGateway
{
    public Task<bool> Send(TextMessage message, CancellationToken cancellationToken) => Task.FromResult(false);
}
