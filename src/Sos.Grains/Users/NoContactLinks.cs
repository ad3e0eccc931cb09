using Sos.Contracts.Users;

namespace Sos.Grains.Users;

/// <summary>A silo without web pages: contacts are told without a link.</summary>
internal sealed class NoContactLinks : IContactLinks
{
    public Uri? Invitation(Guid user, Guid contact) => null;

    public Uri? Alert(Guid alertId, Guid user, Guid contact) => null;

    public Uri? Guardian(Guid user, Guid guardian) => null;

    public Uri? Refusal(string addressKey) => null;
}
