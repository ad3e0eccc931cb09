using Orleans.Runtime;

namespace Sos.Grains.Privacy;

/// <summary>
/// The record whose data key others are encrypted with, so that destroying one key destroys them all: an alert's for its history, track and
/// candidate sets, a person's for her contacts and relatives, whom she has blocked, her life as a responder, her trackers, her trail and the list of her sessions. Every other record has its own key.
/// </summary>
/// <param name="StateName">Name of the owner's state.</param>
/// <param name="Grain">The owner.</param>
internal readonly record struct DataKeyOwner(string StateName, GrainId Grain)
{
    private const int IdDigits = 32;

    /// <summary>The owner of a grain's states; null when they have keys of their own.</summary>
    public static DataKeyOwner? Of(GrainId grain) => grain.Type.ToString() switch
    {
        "sos.alert-history" or "sos.track" or "sos.candidate-set" => Named("alert", "sos.alert", grain),
        "sos.contacts" or "sos.zone-watch" or "sos.blocks" or "sos.separations" or "sos.vetting" or "sos.responder" or "sos.session-index" or "sos.app-grants" or "sos.trackers" or "sos.relatives" or "sos.relative-history" or "sos.trail" or "sos.trail-hour" => Named("user", "sos.user", grain),
        _ => null,
    };

    // Their keys begin with the owner's id.
    private static DataKeyOwner? Named(string state, string type, GrainId grain) =>
        grain.Key.ToString() is { Length: >= IdDigits } key ? new DataKeyOwner(state, GrainId.Create(type, key[..IdDigits])) : null;
}

/// <summary>A state whose record holds the data key of others, and can have it destroyed.</summary>
internal interface IOwnsDataKey
{
    /// <summary>
    /// Which key: grows by one to destroy the present one. The next write puts a new key in its place, and whatever was encrypted with the old
    /// one is unreadable from then on.
    /// </summary>
    byte KeyGeneration { get; }
}
