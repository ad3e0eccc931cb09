using Orleans;
using Sos.Contracts.Users;
using Sos.Grains.Privacy;

namespace Sos.Grains.Users;

/// <summary>An account. Positions are not in it: they are kept in memory only.</summary>
[GenerateSerializer, Alias("sos.users.state")]
public sealed class UserState : IOwnsDataKey
{
    /// <summary>First sign-in; null while nobody has signed in.</summary>
    [Id(0)] public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>E.164.</summary>
    [Id(1)] public string? Phone { get; set; }

    /// <summary>E-mail address.</summary>
    [Id(2)] public string? Email { get; set; }

    /// <summary>As given.</summary>
    [Id(3)] public string? FullName { get; set; }

    /// <summary>As given.</summary>
    [Id(4)] public string? Company { get; set; }

    /// <summary>BCP 47 tag.</summary>
    [Id(5)] public string? Language { get; set; }

    /// <summary>Roles.</summary>
    [Id(6)] public Roles Roles { get; set; }

    /// <summary>Areas of an operator.</summary>
    [Id(7)] public List<string> Areas { get; set; } = [];

    /// <summary>May not sign in.</summary>
    [Id(8)] public bool Inactive { get; set; }

    /// <summary>Alerts of hers that are open, oldest first; bounded.</summary>
    [Id(9)] public List<Guid> OpenAlerts { get; set; } = [];

    /// <summary>Alerts that have closed lately, oldest first; bounded. What is told again about them changes nothing.</summary>
    [Id(10)] public List<Guid> ClosedAlerts { get; set; } = [];

    /// <summary>Grows by one when the data key is destroyed.</summary>
    [Id(11)] public byte KeyGeneration { get; set; }

    /// <summary>No track is kept of her alerts.</summary>
    [Id(12)] public bool HideRoute { get; set; }

    /// <summary>Nothing is kept of her alerts after their close.</summary>
    [Id(13)] public bool EraseAtClose { get; set; }

    /// <summary>The account was deleted then; nothing else is left, and nothing comes again under this id.</summary>
    [Id(14)] public DateTimeOffset? ErasedAt { get; set; }

    /// <summary>Her positions are compared with zones.</summary>
    [Id(20)] public bool WatchesZones { get; set; }

    /// <summary>Her positions go into her trail.</summary>
    [Id(21)] public bool KeepsTrail { get; set; }
}
