using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;

namespace Sos.Server.MadeUp;

/// <summary>Somebody who does not exist.</summary>
/// <param name="Id">User id, the same at every start.</param>
/// <param name="Name">First name.</param>
/// <param name="Roles">What she may do.</param>
internal sealed record CastMember(Guid Id, string Name, Roles Roles)
{
    /// <summary>An id that says what it is, so that nobody takes it for a person's.</summary>
    public static Guid IdOf(int number) => new(0xdecade, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, (byte)(number >> 8), (byte)number);
}

/// <summary>What a made-up responder does about being asked.</summary>
internal enum MadeUpAnswer
{
    /// <summary>Sees it and says nothing.</summary>
    Silent,

    /// <summary>Accepts, goes, helps.</summary>
    Accepts,

    /// <summary>Accepts later than anybody who accepts or declines at once.</summary>
    AcceptsSlowly,

    /// <summary>Declines.</summary>
    Declines,

    /// <summary>Accepts, and gives it back before she has set out.</summary>
    AcceptsAndGivesUp,
}

/// <summary>What makes one made-up responder another than the next.</summary>
internal interface ICharacter
{
    /// <summary>Where she strolls from here; null: where she begins.</summary>
    GeoPoint Stroll(GeoPoint? here);

    /// <summary>What she does about being asked or assigned.</summary>
    MadeUpAnswer Answer(Guid responder, InboxDelivery delivery);
}
