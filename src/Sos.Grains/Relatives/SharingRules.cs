using System.Collections.Immutable;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>To whom somebody shows herself.</summary>
internal static class SharingRules
{
    /// <summary>Sharing without an end given.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    /// <summary>How often she is reminded that she shows herself.</summary>
    public static readonly TimeSpan RemindEvery = TimeSpan.FromDays(30);

    /// <summary>Takes a wish that was found valid.</summary>
    public static RelativeRefusal Share(RelativesState state, Guid relation, RelativeSharing sharing, DateTimeOffset now)
    {
        if (state.Of(relation) is not { } entry) return RelativeRefusal.NotFound;
        if (entry.State != RelationState.Active) return RelativeRefusal.NotActive;
        // What has ended by itself has ended then, and not now.
        Expire(state, now);
        WindowRules.Give(entry, sharing, now);
        (entry.Enabled, entry.Precision) = (sharing.Enabled, sharing.Precision);
        entry.Until = sharing.Enabled ? sharing.Until ?? now + Usual : null;
        entry.OnceUntil = null;
        return RelativeRefusal.None;
    }

    /// <summary>Drops what has ended by itself; false when nothing has.</summary>
    public static bool Expire(RelativesState state, DateTimeOffset now)
    {
        var over = state.Relations.Where(r => r.Enabled && r.Until <= now).ToList();
        foreach (var entry in over)
        {
            WindowRules.Close(entry, entry.Until!.Value);
            (entry.Enabled, entry.Until) = (false, null);
        }

        var answered = state.Relations.Where(r => r.OnceUntil <= now).ToList();
        foreach (var entry in answered) entry.OnceUntil = null;
        return over.Count + answered.Count + state.Questions.RemoveAll(question => now - question.At >= WhereRules.Hour) > 0;
    }

    /// <summary>
    /// When, by what she has said herself, the last one is shown where she is no more; null: nobody is shown now. Blocks are not in it: she would learn from it who has blocked her.
    /// </summary>
    public static DateTimeOffset? LastEnd(RelativesState state)
    {
        var shown = state.Sharing ? state.Relations.Where(r => r is { State: RelationState.Active, Paused: false } && (r.Enabled || r.OnceUntil is not null)).ToList() : [];
        return shown.Count == 0 ? null : shown.Max(r => (r.Enabled ? r.Until : r.OnceUntil) ?? DateTimeOffset.MaxValue);
    }

    /// <summary>The grants that hold while nothing changes; which of them are over by now, their ends say.</summary>
    public static ImmutableArray<ShareGrant> Grants(RelativesState state, ImmutableArray<Guid> apart, bool mayShare) => !state.Sharing || !mayShare
        ? []
        : [.. state.Relations.Where(r => r is { State: RelationState.Active, Paused: false } && (r.Enabled || r.OnceUntil is not null) && !apart.Contains(r.Person))
            .Select(r => r.Enabled ? new ShareGrant(r.Person, r.Precision, r.Until) : new ShareGrant(r.Person, r.OncePrecision, r.OnceUntil))];

    /// <summary>Those that hold at a moment.</summary>
    public static ImmutableArray<ShareGrant> At(ImmutableArray<ShareGrant> grants, DateTimeOffset now) => grants.RemoveAll(grant => grant.Until <= now);

    /// <summary>Whether she is to be reminded now. Who shows herself to nobody is not; the month begins anew with the next sharing.</summary>
    public static (bool Due, bool Changed) Remind(RelativesState state, bool shares, DateTimeOffset now)
    {
        if (!shares)
        {
            var had = state.RemindedAt is not null;
            state.RemindedAt = null;
            return (false, had);
        }

        if (state.RemindedAt is { } last && now - last < RemindEvery && last <= now) return (false, false);
        var due = state.RemindedAt is not null;
        state.RemindedAt = now;
        return (due, true);
    }
}
