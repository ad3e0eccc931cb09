namespace Sos.Contracts.Messaging;

/// <summary>Sends text messages. The embedded build keeps them in an outbox that Development shows at /dev/messages; Azure sends SMS.</summary>
public interface ISmsGateway
{
    /// <summary>
    /// Hands a message over; true when it was taken. Returns within 2 s or throws. Calls with a key that was used before within a day
    /// may be dropped: at most one duplicate per crash.
    /// </summary>
    Task<bool> Send(TextMessage message, CancellationToken cancellationToken);
}

/// <summary>A text message.</summary>
/// <param name="To">E.164 number, or an e-mail address.</param>
/// <param name="Body">The text; never logged.</param>
/// <param name="IdempotencyKey">Names the sending, the same on a repeat.</param>
public sealed record TextMessage(string To, string Body, string IdempotencyKey);

/// <summary>The service's own texts: nobody can make it send words of his own.</summary>
public enum TextTemplate
{
    /// <summary>To a responder without a receipt: somebody near needs help, open the app.</summary>
    OfferWaiting,

    /// <summary>To a responder: you are expected at an alert.</summary>
    AssignedWaiting,

    /// <summary>To staff on call: an alert has nobody.</summary>
    NobodyAvailable,

    /// <summary>To the victim: your SOS was received.</summary>
    AlertReceived,

    /// <summary>To a user: one of her devices was signed out, since somebody else had its session too.</summary>
    SessionReused,

    /// <summary>To a user: how she signs in has changed (password, second factor).</summary>
    SignInChanged,

    /// <summary>To a user: her account will be deleted unless she signs in.</summary>
    AccountEnding,

    /// <summary>To an applicant: she may go on duty.</summary>
    ClearanceGranted,

    /// <summary>To an applicant: her application was refused.</summary>
    ApplicationRefused,

    /// <summary>To a responder: her clearance ends within a month.</summary>
    ClearanceEndsSoon,

    /// <summary>To a responder: her clearance is over.</summary>
    ClearanceEnded,

    /// <summary>To a responder: her clearance was taken away.</summary>
    ClearanceSuspended,

    /// <summary>To a person under age: her guardian has answered.</summary>
    GuardianAnswered,

    /// <summary>To a user: somebody asks to know when they are near each other.</summary>
    RelativeAsks,

    /// <summary>To a user, once a month: she goes on showing relatives where she is.</summary>
    SharingGoesOn,

    /// <summary>To a user: a tracker was added, or may show her relatives from now on.</summary>
    TrackersChanged,
}
