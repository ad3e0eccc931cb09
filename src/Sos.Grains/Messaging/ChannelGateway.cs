using Sos.Contracts.Messaging;

namespace Sos.Grains.Messaging;

/// <summary>Two channels behind one gateway: an address with an @ in it is an e-mail's.</summary>
/// <param name="texts">Takes what goes to a phone number.</param>
/// <param name="emails">Takes what goes to an e-mail address.</param>
internal sealed class ChannelGateway(ISmsGateway texts, ISmsGateway emails) : ISmsGateway
{
    public Task<bool> Send(TextMessage message, CancellationToken cancellationToken) =>
        (message.To.Contains('@', StringComparison.Ordinal) ? emails : texts).Send(message, cancellationToken);
}
