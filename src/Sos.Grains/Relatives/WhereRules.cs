using System.Collections.Immutable;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>"Where are you?": asked by hand, at most once an hour by each, and answered by hand, once.</summary>
internal static class WhereRules
{
    /// <summary>A pair asks no sooner again, and a question that is older is none any more.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>How long an answer shows her.</summary>
    public static readonly TimeSpan Shown = TimeSpan.FromMinutes(10);

    /// <summary>She asks; the limit counts what she asks, and not what comes of it.</summary>
    public static WhereAsked Ask(RelativesState state, Guid relation, DateTimeOffset now)
    {
        if (state.Of(relation) is not { } entry) return new WhereAsked(RelativeRefusal.NotFound, null);
        if (entry is not { State: RelationState.Active, Paused: false }) return new WhereAsked(RelativeRefusal.NotActive, null);
        if (entry.AskedAt is { } last && now - last < Hour && last <= now) return new WhereAsked(RelativeRefusal.TooSoon, last + Hour);
        entry.AskedAt = now;
        ConsentRules.Say(state, NoteKind.Wonders, entry.Person, entry.Id, entry.Id);
        return new WhereAsked(RelativeRefusal.None, now + Hour);
    }

    /// <summary>The other side asks. Who is kept apart or paused is not heard; false: nothing was new.</summary>
    public static bool Asked(RelativesState state, RelativeNote note, ImmutableArray<Guid> apart, Guid id, DateTimeOffset now)
    {
        if (apart.Contains(note.From) || state.With(note.From) is not { State: RelationState.Active, Paused: false } entry || entry.Other != note.Own) return false;
        state.Questions.RemoveAll(question => now - question.At >= Hour);
        if (state.Questions.Exists(question => question.Relation == entry.Id)) return false;
        state.Questions.Add(new QuestionEntry { Id = id, Relation = entry.Id, At = now });
        return true;
    }

    /// <summary>She answers; the question is gone by it.</summary>
    public static (RelativeRefusal Refusal, RelationEntry? Entry) Answer(RelativesState state, Guid question, SharePrecision? precision, DateTimeOffset now)
    {
        if (state.Questions.Find(q => q.Id == question && now - q.At < Hour) is not { } asked || state.Of(asked.Relation) is not { State: RelationState.Active } entry) return (RelativeRefusal.NotFound, null);
        if (precision is not null && !state.Sharing) return (RelativeRefusal.SwitchedOff, null);
        state.Questions.Remove(asked);
        SharingRules.Expire(state, now);
        if (precision is { } how && !entry.Enabled) (entry.OnceUntil, entry.OncePrecision) = (now + Shown, how);
        return (RelativeRefusal.None, entry);
    }

    /// <summary>Questions that wait for an answer.</summary>
    public static ImmutableArray<WhereQuestion> View(RelativesState state, DateTimeOffset now) =>
        [.. state.Questions.Where(q => now - q.At < Hour && state.Of(q.Relation) is { State: RelationState.Active, Paused: false }).Select(q => new WhereQuestion(q.Id, q.Relation, state.Of(q.Relation)!.Name, q.At))];
}
