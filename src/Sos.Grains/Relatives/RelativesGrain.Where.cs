using System.Collections.Immutable;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>"Where are you?"</summary>
internal sealed partial class RelativesGrain
{
    public async Task<WhereAsked> AskWhere(Guid relation)
    {
        var asked = WhereRules.Ask(State, relation, Now);
        if (asked.Refusal == RelativeRefusal.None) await Commit();
        else if (!record.RecordExists) DeactivateOnIdle();
        return asked;
    }

    public Task<ImmutableArray<WhereQuestion>> Questions()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(WhereRules.View(State, Now));
    }

    public async Task<RelativeOutcome> AnswerWhere(Guid question, SharePrecision? precision)
    {
        var (refusal, entry) = WhereRules.Answer(State, question, precision, Now);
        if (refusal == RelativeRefusal.None) await Commit();
        return Outcome(refusal, entry);
    }
}
