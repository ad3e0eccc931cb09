using Microsoft.Extensions.Options;
using Sos.Contracts.Messaging;
using Sos.Grains.Identity;
using Sos.Grains.Messaging;

namespace Sos.Server.Sandbox;

/// <summary>The end of every message: what goes to a made-up number can be read, what goes to a real one is not taken.</summary>
internal sealed class SandboxGateway(DevelopmentOutbox outbox, IOptions<IdentityOptions> options) : ISmsGateway
{
    public Task<bool> Send(TextMessage message, CancellationToken cancellationToken) =>
        options.Value.IsTest(message.To) ? outbox.Send(message, cancellationToken) : Task.FromResult(false);
}
