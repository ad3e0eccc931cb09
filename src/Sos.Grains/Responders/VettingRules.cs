using Sos.Contracts.Messaging;
using Sos.Contracts.Responders;

namespace Sos.Grains.Responders;

/// <summary>Who becomes a responder, for how long, and what follows. Pure.</summary>
internal static class VettingRules
{
    /// <summary>She is told this long before her clearance ends.</summary>
    public static readonly TimeSpan SoonBefore = TimeSpan.FromDays(30);

    /// <summary>A refused application is forgotten after this.</summary>
    public static readonly TimeSpan RefusedKeptFor = TimeSpan.FromDays(30);

    /// <summary>A new application; approvals of an older one are worth nothing for it.</summary>
    public static void Apply(VettingState state, ApplicationDraft draft, DateTimeOffset now)
    {
        state.Application = draft;
        state.AppliedAt = now;
        state.Revision++;
        state.RefusedAt = null;
        state.Approvals.Clear();
        state.IsUnlisted = true;
    }

    /// <summary>Takes the application back; false when there is none.</summary>
    public static bool Withdraw(VettingState state)
    {
        if (state.Application is null) return false;
        Forget(state);
        return true;
    }

    /// <summary>
    /// An approval. Who is admitted gets what everybody has vouched for, until the earliest date that anybody has named. Where the service asks
    /// for one approval only (Development), an administrator may also admit who has not applied.
    /// </summary>
    public static VettingRefusal Approve(VettingState state, Guid self, Approval approval, DateTimeOffset now, ResponderOptions options)
    {
        var longest = now + options.LongestClearance;
        var until = approval.ValidUntil ?? longest;
        if (approval.Admin == self) return VettingRefusal.OwnApplication;
        if (until <= now || until > longest) return VettingRefusal.BadValidity;
        if (!state.IsOpen && options.Approvals > 1) return VettingRefusal.NoApplication;
        if (state.IsOpen && approval.Revision is { } looked && looked != state.Revision) return VettingRefusal.Stale;
        if (options.Approvals > 1 && (approval.Capabilities & ~state.Application!.Capabilities) != 0) return VettingRefusal.NotAppliedFor;
        if (state.Approvals.Exists(a => a.Admin == approval.Admin)) return VettingRefusal.SameAdmin;
        state.Approvals.Add(approval with { ValidUntil = until });
        if (state.Approvals.Count >= options.Approvals) Admit(state);
        return VettingRefusal.None;
    }

    /// <summary>Refuses the application.</summary>
    public static VettingRefusal Refuse(VettingState state, Guid self, Guid admin, DateTimeOffset now)
    {
        if (admin == self) return VettingRefusal.OwnApplication;
        if (!state.IsOpen) return VettingRefusal.NoApplication;
        state.RefusedAt = now;
        state.Approvals.Clear();
        state.IsUnlisted = true;
        Tell(state, TextTemplate.ApplicationRefused);
        return VettingRefusal.None;
    }

    /// <summary>Takes the clearance away; false when it is taken already.</summary>
    public static bool Suspend(VettingState state)
    {
        if (state.Clearance == Clearance.Suspended) return false;
        state.Clearance = Clearance.Suspended;
        state.Capabilities = Capabilities.None;
        state.ValidUntil = null;
        state.IsUncarried = true;
        Tell(state, TextTemplate.ClearanceSuspended);
        return true;
    }

    /// <summary>What time brings: told a month before, ended, a refused application forgotten; false when nothing changes.</summary>
    public static bool Pass(VettingState state, DateTimeOffset now)
    {
        var changed = false;
        if (state is { Clearance: Clearance.Admitted, ValidUntil: { } until })
        {
            if (until <= now)
            {
                state.Clearance = Clearance.Expired;
                state.IsUncarried = changed = true;
                Tell(state, TextTemplate.ClearanceEnded);
            }
            else if (!state.SoonTold && until - SoonBefore <= now)
            {
                state.SoonTold = changed = true;
                Tell(state, TextTemplate.ClearanceEndsSoon);
            }
        }

        if (!(state.RefusedAt + RefusedKeptFor <= now)) return changed;
        Forget(state);
        return true;
    }

    /// <summary>When <see cref="Pass"/> has something to do next; null: never.</summary>
    public static DateTimeOffset? Next(VettingState state)
    {
        DateTimeOffset? clearance = state is { Clearance: Clearance.Admitted, ValidUntil: { } until } ? state.SoonTold ? until : until - SoonBefore : null;
        var forgetting = state.RefusedAt + RefusedKeptFor;
        return clearance is null || forgetting < clearance ? forgetting ?? clearance : clearance;
    }

    /// <summary>As it stands.</summary>
    public static VettingView View(VettingState state, Guid user) => new(
        user, state.Clearance, state.Capabilities, state.ValidUntil,
        state.Application is { } a ? new Application(state.Revision, a.Capabilities, a.DisplayName, a.Credentials, state.AppliedAt, [.. state.Approvals.Select(p => p.Admin)], state.RefusedAt) : null);

    private static void Admit(VettingState state)
    {
        state.Clearance = Clearance.Admitted;
        state.Capabilities = state.Approvals.Aggregate((Capabilities)~0, (common, approval) => common & approval.Capabilities);
        state.DisplayName = state.Application?.DisplayName ?? state.Approvals[^1].DisplayName;
        state.ValidUntil = state.Approvals.Min(approval => approval.ValidUntil);
        state.SoonTold = false;
        state.IsUncarried = true;
        Forget(state);
        Tell(state, TextTemplate.ClearanceGranted);
    }

    private static void Forget(VettingState state)
    {
        state.Application = null;
        state.RefusedAt = null;
        state.Approvals.Clear();
        state.IsUnlisted = true;
    }

    private static void Tell(VettingState state, TextTemplate news)
    {
        state.News = news;
        state.NewsNumber++;
    }
}
