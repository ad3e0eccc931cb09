namespace Sos.Server.Realtime;

/// <summary>Nobody is shown where the person is any more.</summary>
/// <param name="LocationSharingEnabled">Her switch over all relatives: false where that was turned off, true where it is on and nobody is left to whom she shows herself.</param>
/// <param name="Timestamp">When.</param>
public sealed record SharingDisabledMessage(bool LocationSharingEnabled, DateTimeOffset Timestamp);
