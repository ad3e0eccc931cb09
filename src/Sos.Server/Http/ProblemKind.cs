namespace Sos.Server.Http;

/// <summary>A kind of problem: clients may branch on its slug, which never changes.</summary>
/// <param name="Slug">Last part of the problem's <c>type</c>.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">One short sentence, the same for every occurrence.</param>
public sealed record ProblemKind(string Slug, int Status, string Title)
{
    /// <summary>The start of every problem's <c>type</c>.</summary>
    public const string TypePrefix = "https://sos-orleans.org/problems/";

    /// <summary>The request as a whole cannot be read.</summary>
    public static ProblemKind BadRequest { get; } = new("bad-request", 400, "The request cannot be read.");

    /// <summary>The body is not the JSON that this route takes.</summary>
    public static ProblemKind BadJson { get; } = new("bad-json", 400, "The body is not the JSON that this route takes.");

    /// <summary>No valid access token.</summary>
    public static ProblemKind Unauthorized { get; } = new("unauthorized", 401, "Sign in first.");

    /// <summary>Signed in, but not in that role.</summary>
    public static ProblemKind Forbidden { get; } = new("forbidden", 403, "This needs a role that you do not have.");

    /// <summary>Has the role, and a second factor that this session has not proved yet.</summary>
    public static ProblemKind SecondFactorRequired { get; } = new("second-factor-required", 403, "Prove your second factor first.");

    /// <summary>Has the role, and no second factor yet.</summary>
    public static ProblemKind SecondFactorMissing { get; } = new("second-factor-not-set-up", 403, "This role needs a second factor; set one up first.");

    /// <summary>The last proof of the second factor is too old for an administrative act.</summary>
    public static ProblemKind StepUpRequired { get; } = new("step-up-required", 403, "This needs a fresh proof of your second factor.");

    /// <summary>The sign-in is too old to change how one signs in.</summary>
    public static ProblemKind RecentSignInRequired { get; } = new("recent-sign-in-required", 403, "This needs a fresh sign-in; sign in again.");

    /// <summary>An app asks for what its user has not agreed to, or what no app may do.</summary>
    public static ProblemKind InsufficientScope { get; } = new("insufficient-scope", 403, "This app may not do that.");

    /// <summary>She is under age, and no guardian has agreed; never said around an emergency.</summary>
    public static ProblemKind GuardianNeeded { get; } = new("guardian-needed", 403, "This needs the consent of your parent or guardian.");

    /// <summary>The account has been made inactive.</summary>
    public static ProblemKind Inactive { get; } = new("account-inactive", 403, "This account is not active.");

    /// <summary>Missing, or not yours: one answer for both.</summary>
    public static ProblemKind NotFound { get; } = new("not-found", 404, "There is nothing here.");

    /// <summary>The route exists with other methods.</summary>
    public static ProblemKind MethodNotAllowed { get; } = new("method-not-allowed", 405, "This route does not take that method.");

    /// <summary>The move is not allowed in the present state.</summary>
    public static ProblemKind IllegalMove { get; } = new("illegal-move", 409, "That is not possible in the present state.");

    /// <summary>Acted on an older version.</summary>
    public static ProblemKind StaleVersion { get; } = new("stale-version", 409, "This has changed since you looked.");

    /// <summary>Somebody else was first.</summary>
    public static ProblemKind Taken { get; } = new("taken", 409, "Somebody else was first.");

    /// <summary>The responder is off duty.</summary>
    public static ProblemKind OffDuty { get; } = new("off-duty", 409, "The responder is off duty.");

    /// <summary>The responder has as many alerts as she can take.</summary>
    public static ProblemKind AtCapacity { get; } = new("at-capacity", 409, "The responder has no capacity left.");

    /// <summary>One of the two has blocked the other; said to staff only.</summary>
    public static ProblemKind Excluded { get; } = new("excluded", 409, "This responder and this person must not meet; choose another.");

    /// <summary>Has the role of a responder, but was not cleared or is suspended.</summary>
    public static ProblemKind NotCleared { get; } = new("not-cleared", 409, "You are not cleared as a responder.");

    /// <summary>The number is in the caller's own list already.</summary>
    public static ProblemKind AlreadyMonitored { get; } = new("already-monitored", 409, "Already monitoring this number");

    /// <summary>Nobody has applied, or the application is decided.</summary>
    public static ProblemKind NoApplication { get; } = new("no-application", 409, "There is no open application; she must apply first.");

    /// <summary>Decided about already, or about herself.</summary>
    public static ProblemKind OtherAdministratorNeeded { get; } = new("other-administrator-needed", 409, "Another administrator must do this.");

    /// <summary>The alert has as many attachments as it can have.</summary>
    public static ProblemKind AttachmentsFull { get; } = new("attachments-full", 409, "This alert has as many attachments as it can have.");

    /// <summary>The upload took longer than its place is kept.</summary>
    public static ProblemKind UploadTooSlow { get; } = new("upload-too-slow", 408, "The upload took too long; send it again under the same key.");

    /// <summary>It was there, and was destroyed when its time was over.</summary>
    public static ProblemKind Erased { get; } = new("erased", 410, "This was deleted when its time was over.");

    /// <summary>The body is over the limit.</summary>
    public static ProblemKind TooLarge { get; } = new("too-large", 413, "The body is too large.");

    /// <summary>The body's content type is not taken.</summary>
    public static ProblemKind UnsupportedMedia { get; } = new("unsupported-media-type", 415, "This route takes application/json.");

    /// <summary>A kind of file that is not taken.</summary>
    public static ProblemKind MediaRefused { get; } = new("media-refused", 415, "This kind of file is not taken.");

    /// <summary>A file is something else than its Content-Type says.</summary>
    public static ProblemKind MediaMismatch { get; } = new("media-mismatch", 415, "The file is not what its Content-Type says.");

    /// <summary>A file is empty, cut short, too large to unfold or not as its format says.</summary>
    public static ProblemKind MediaDamaged { get; } = new("media-damaged", 422, "The file cannot be used.");

    /// <summary>Readable, but a value is out of its range.</summary>
    public static ProblemKind Invalid { get; } = new("invalid", 422, "A value is not valid.");

    /// <summary>Staff must say why.</summary>
    public static ProblemKind ReasonRequired { get; } = new("reason-required", 422, "Say why in the header Sos-Reason, 1 to 500 characters.");

    /// <summary>An Idempotency-Key was used before with another request.</summary>
    public static ProblemKind KeyReused { get; } = new("idempotency-key-reused", 422, "This Idempotency-Key was used with another request.");

    /// <summary>The one-time code is wrong, used or expired: one answer for all.</summary>
    public static ProblemKind WrongCode { get; } = new("wrong-code", 401, "The code is wrong or no longer valid.");

    /// <summary>The second factor is wrong, or was used before: one answer for both.</summary>
    public static ProblemKind WrongSecondFactor { get; } = new("wrong-second-factor", 422, "The code is wrong or was used before.");

    /// <summary>Address or password is wrong: one answer for all.</summary>
    public static ProblemKind WrongPassword { get; } = new("wrong-password", 401, "The address or the password is wrong.");

    /// <summary>The refresh token is not valid, or its session has ended.</summary>
    public static ProblemKind SessionEnded { get; } = new("session-ended", 401, "The session has ended; sign in again.");

    /// <summary>Asked again too soon.</summary>
    public static ProblemKind TooMany { get; } = new("too-many-requests", 429, "Too many requests; wait before the next.");

    /// <summary>A defect of the service.</summary>
    public static ProblemKind Internal { get; } = new("internal", 500, "The service failed; the failure has been recorded.");

    /// <summary>Not answered in time: the outcome is unknown, the same request may be sent again.</summary>
    public static ProblemKind Unavailable { get; } = new("unavailable", 503, "Not answered in time; whether it was done is unknown. Send the same request again.");

    /// <summary>The audit did not take the entry, so nothing was done or shown.</summary>
    public static ProblemKind AuditUnavailable { get; } = new("audit-unavailable", 503, "This could not be recorded in the audit, so it was not done. Acts on alerts go on.");

    /// <summary>The disk is full.</summary>
    public static ProblemKind StoreFull { get; } = new("store-full", 507, "The service has no room to store this; nothing was done.");

    /// <summary>The kind for a status that came without a body.</summary>
    public static ProblemKind ForStatus(int status) => status switch
    {
        400 => BadRequest,
        401 => Unauthorized,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        413 => TooLarge,
        415 => UnsupportedMedia,
        422 => Invalid,
        429 => TooMany,
        503 => Unavailable,
        507 => StoreFull,
        < 500 => BadRequest with { Status = status },
        _ => Internal,
    };
}
