using Sos.Contracts.Messaging;

namespace Sos.Grains.Messaging;

/// <summary>The service's own texts. They name no place and no person: a phone's lock screen is read by others.</summary>
internal static class TextTemplates
{
    /// <summary>The text of a template.</summary>
    public static string Body(TextTemplate template) => template switch
    {
        TextTemplate.OfferWaiting => "Somebody near you needs help. Open the app to accept or decline.",
        TextTemplate.AssignedWaiting => "You are expected at an alert near you. Open the app and answer now.",
        TextTemplate.NobodyAvailable => "An alert has nobody to go. Open the portal and assign somebody.",
        TextTemplate.AlertReceived => "Your SOS was received. We are looking for help.",
        TextTemplate.SessionReused => "One of your devices was signed out: its session was used from two places. If that was not you, sign in again and look at your devices.",
        TextTemplate.SignInChanged => "How you sign in has changed: password, second factor or recovery codes. If that was not you, sign your other devices out and tell an administrator.",
        TextTemplate.AccountEnding => "Your account will be deleted in 7 days. If that was not you, or you want to keep it, sign in before.",
        TextTemplate.ClearanceGranted => "You have been admitted as a responder. Open the app to go on duty.",
        TextTemplate.ApplicationRefused => "Your application as a responder was refused. You may apply again.",
        TextTemplate.ClearanceEndsSoon => "Your clearance as a responder ends within 30 days. Apply again in the app to renew it.",
        TextTemplate.ClearanceEnded => "Your clearance as a responder has ended. Apply again in the app to renew it.",
        TextTemplate.ClearanceSuspended => "You have been suspended as a responder. You get no more requests, and what you had accepted goes to others.",
        TextTemplate.GuardianAnswered => "Your parent or guardian has answered. Open the app to see what you can use.",
        TextTemplate.RelativeAsks => "Somebody would like to know when you are near each other. Nothing is shared unless you agree. Open the app to see who asks.",
        TextTemplate.SharingGoesOn => "You are showing somebody where you are. Open the app to see to whom, or to stop.",
        TextTemplate.TrackersChanged => "A tracking app or device was added to your account, or may now show your relatives on its map. If that was not you, open the app and revoke it.",
        _ => throw new ArgumentOutOfRangeException(nameof(template), template, "There is no such text."),
    };
}
