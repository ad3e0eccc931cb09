using Sos.Contracts.Users;

namespace Sos.Server.Users;

/// <summary>The answer to the question about age. No date of birth is asked for.</summary>
/// <param name="IsOfAge">True: I have reached the age of consent that <c>GET /users/me/age</c> names.</param>
public sealed record AgeRequest(bool IsOfAge);

/// <summary>A parent or guardian who is to be asked.</summary>
/// <param name="Phone">Her number in any common spelling; she is asked by one text message in 30 days.</param>
public sealed record GuardianRequest(string Phone);

/// <summary>A guardian's answer.</summary>
/// <param name="Token">What stands behind the # of the link.</param>
/// <param name="Accepts">True: I agree. False: I do not (any more).</param>
/// <param name="Wording">Version of the words that are agreed to.</param>
public sealed record GuardianAnswerRequest(string Token, bool Accepts, int Wording);

/// <summary>What the caller has said about her age, and who consents for her.</summary>
/// <param name="AgeOfConsent">From this age, in years, one consents for oneself here.</param>
/// <param name="IsOfAge">Her answer; absent while she has given none.</param>
/// <param name="AnsweredAt">When she answered.</param>
/// <param name="MayShare">False: being a responder, texts to contacts about zones, and apps of others are closed until a guardian agrees. Everything around an emergency is open always.</param>
/// <param name="Guardian">The guardian whom she has named.</param>
public sealed record AgeView(int AgeOfConsent, bool? IsOfAge, DateTimeOffset? AnsweredAt, bool MayShare, GuardianView? Guardian)
{
    internal static AgeView Of(AgeStanding standing, int ageOfConsent) => new(
        ageOfConsent,
        standing.IsOfAge,
        standing.AnsweredAt,
        standing.MayShare,
        standing.Guardian is { } g ? new GuardianView(g.Phone, g.Answer, g.AskedAt, g.AnsweredAt, g.Wording) : null);
}

/// <summary>The caller's guardian.</summary>
/// <param name="Phone">E.164.</param>
/// <param name="Answer">pending, accepted or refused.</param>
/// <param name="AskedAt">When she was asked last.</param>
/// <param name="AnsweredAt">When she answered.</param>
/// <param name="Wording">Version of the words that she answered.</param>
public sealed record GuardianView(string Phone, ContactAnswer Answer, DateTimeOffset? AskedAt, DateTimeOffset? AnsweredAt, int? Wording);

/// <summary>All that a guardian sees.</summary>
/// <param name="FirstName">Of who asks.</param>
/// <param name="AgeOfConsent">Below this age, in years, a guardian decides.</param>
/// <param name="Answer">pending, accepted or refused.</param>
/// <param name="Wording">Version of the words on the page.</param>
public sealed record GuardianQuestionView(string FirstName, int AgeOfConsent, ContactAnswer Answer, int Wording);
