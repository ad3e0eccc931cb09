using Microsoft.Extensions.Logging;
using Sos.Contracts.Messaging;
using Sos.Contracts.Users;

namespace Sos.Grains.Users;

/// <summary>The age of the person, and her guardian: asked, bounded and answered as contacts are.</summary>
internal sealed partial class ContactsGrain
{
    public Task<AgeStanding> Age()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(AgeRules.View(State));
    }

    public async Task<AgeOutcome> AnswerAge(bool isOfAge)
    {
        var (refusal, changed) = AgeRules.Answer(State, isOfAge, time.GetUtcNow());
        if (changed) await Write();
        return new AgeOutcome(refusal, AgeRules.View(State));
    }

    public async Task<AgeOutcome> NameGuardian(string phone)
    {
        var person = await Person();
        var (refusal, asks) = AgeRules.Name(State, phone, person, Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow());
        if (asks)
        {
            await Write();
            var guardian = State.Age!.Guardian!;
            State.Age.GuardianTexted = await Ask(guardian, ContactTexts.GuardianQuestion(ContactTexts.FirstNameOf(person), links.Guardian(Id, guardian.Id)));
            // Killed before this write she is asked again under the same key, which a gateway that has it takes for the same message.
            if (State.Age.GuardianTexted) await Write();
        }

        return new AgeOutcome(refusal, AgeRules.View(State));
    }

    public async Task RemoveGuardian()
    {
        if (AgeRules.Remove(State)) await Write();
    }

    public async Task<GuardianQuestion?> GuardianAsked(Guid guardian) =>
        State.Age?.Guardian is { } entry && entry.Id == guardian ? new GuardianQuestion(ContactTexts.FirstNameOf(await Person()), entry.Answer, AgeRules.Wording) : null;

    public async Task<GuardianQuestion?> AnswerAsGuardian(Guid guardian, bool agrees, int wording)
    {
        if (AgeRules.AnswerAsGuardian(State, guardian, agrees, wording, time.GetUtcNow()))
        {
            await Write();
            await TellAnswer(State.Age!.Guardian!);
        }

        return await GuardianAsked(guardian);
    }

    public Task<bool> MayShareOutsideEmergencies()
    {
        // Nearly everybody has never answered: that costs no memory.
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(_mayShare);
    }

    // The answer stands and is shown in the app, whether this arrives or not.
    private async Task TellAnswer(ContactEntry guardian)
    {
        try
        {
            await GrainFactory.GetGrain<IUserGrain>(Id).Text(TextTemplate.GuardianAnswered, $"{guardian.Id:N}/answered/{guardian.AnsweredAt!.Value.ToUnixTimeMilliseconds()}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotTold(logger, e);
        }
    }

    [LoggerMessage(1202, LogLevel.Warning, "A person could not be told that her guardian has answered.")]
    private static partial void LogNotTold(ILogger logger, Exception exception);
}
