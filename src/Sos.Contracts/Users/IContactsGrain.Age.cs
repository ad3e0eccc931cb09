using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Users;

// Age, and the guardian of one who is under age.
public partial interface IContactsGrain
{
    /// <summary>Her answer about age, and her guardian's.</summary>
    [Alias("Age")] Task<AgeStanding> Age();

    /// <summary>She says whether she has reached the age of consent; from under age to of age no sooner than a day later.</summary>
    [Alias("AnswerAge")] Task<AgeOutcome> AnswerAge(bool isOfAge);

    /// <summary>Names the guardian and asks her by one text message in 30 days; a number that is there already is answered as it is, and asked again when no message was taken.</summary>
    [Alias("NameGuardian")] Task<AgeOutcome> NameGuardian(string phone);

    /// <summary>Removes the guardian: her link is dead and her consent gone. Again: changes nothing.</summary>
    [Alias("RemoveGuardian")] Task RemoveGuardian();

    /// <summary>What a guardian sees behind her link; null when she was removed.</summary>
    [Alias("GuardianAsked")] Task<GuardianQuestion?> GuardianAsked(Guid guardian);

    /// <summary>A guardian agrees to the words of that version, or does not (any more); other words are not agreed to. The person is told. Null when she was removed.</summary>
    [Alias("AnswerAsGuardian")] Task<GuardianQuestion?> AnswerAsGuardian(Guid guardian, bool agrees, int wording);

    /// <summary>
    /// Whether the person may share where she is outside an emergency: true unless she has said that she is under age and no guardian agrees. To be asked
    /// before every such feature, and never before anything around an emergency.
    /// </summary>
    [Alias("MayShareOutsideEmergencies"), AlwaysInterleave] Task<bool> MayShareOutsideEmergencies();
}
