using Orleans;

namespace Sos.Contracts.Users;

/// <summary>Whether somebody may decide alone to share where she is outside an emergency (GDPR, Article 8). No date of birth is asked for or kept.</summary>
/// <param name="IsOfAge">Her answer: she has reached the deployment's age of consent; null: she has not answered, and is not held up.</param>
/// <param name="AnsweredAt">When she answered.</param>
/// <param name="MayShare">False: she has said that she is under age, and no guardian agrees.</param>
/// <param name="Guardian">The guardian whom she has named, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.users.age-standing")]
public sealed record AgeStanding(
    [property: Id(0)] bool? IsOfAge, [property: Id(1)] DateTimeOffset? AnsweredAt, [property: Id(2)] bool MayShare, [property: Id(3)] GuardianStanding? Guardian);

/// <summary>A guardian as the person sees her.</summary>
/// <param name="Phone">E.164.</param>
/// <param name="Answer">What she has answered.</param>
/// <param name="AskedAt">When she was asked last.</param>
/// <param name="AnsweredAt">When she answered, or null.</param>
/// <param name="Wording">Version of the words that she answered; null before.</param>
[GenerateSerializer, Immutable, Alias("sos.users.guardian-standing")]
public sealed record GuardianStanding(
    [property: Id(0)] string Phone, [property: Id(1)] ContactAnswer Answer, [property: Id(2)] DateTimeOffset? AskedAt, [property: Id(3)] DateTimeOffset? AnsweredAt, [property: Id(4)] int? Wording);

/// <summary>What came of an answer about age, or of naming a guardian.</summary>
/// <param name="Refusal">None when it was done.</param>
/// <param name="Standing">As it is now.</param>
[GenerateSerializer, Immutable, Alias("sos.users.age-outcome")]
public sealed record AgeOutcome([property: Id(0)] ContactRefusal Refusal, [property: Id(1)] AgeStanding Standing);

/// <summary>All that a guardian sees behind her link.</summary>
/// <param name="FirstName">Of who asks, cut to letters.</param>
/// <param name="Answer">What she has answered so far.</param>
/// <param name="Wording">Version of the words that are shown now; who agrees names it.</param>
[GenerateSerializer, Immutable, Alias("sos.users.guardian-question")]
public sealed record GuardianQuestion([property: Id(0)] string FirstName, [property: Id(1)] ContactAnswer Answer, [property: Id(2)] int Wording);
