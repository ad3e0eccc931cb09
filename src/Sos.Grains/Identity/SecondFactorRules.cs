using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;

namespace Sos.Grains.Identity;

/// <summary>When a second factor may be tried, and what a session may do without one.</summary>
public static class SecondFactorRules
{
    private const int FreeTries = 5;

    /// <summary>Tries without a good one after which only a recovery code or an administrator helps (NIST SP 800-63B).</summary>
    private const int MostTries = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>The roles that wait for the session's second factor: those beyond a user's.</summary>
    public static Roles Withheld(Roles roles, SessionView session, IdentityOptions options) =>
        options.SecondFactor == SecondFactorUse.Off || session.StrongAt is not null ? 0 : roles & ~Roles.User;

    /// <summary>Whether a session has proved its second factor lately enough for an administrative act.</summary>
    public static bool IsSteppedUp(SessionView session, DateTimeOffset now, IdentityOptions options) =>
        options.SecondFactor == SecondFactorUse.Off || session.StrongAt is { } at && now < at + options.StepUpLife;

    /// <summary>Whether a session was opened lately enough to change how its user signs in.</summary>
    public static bool IsNew(SessionView session, DateTimeOffset now, IdentityOptions options) => now < session.OpenedAt + options.StepUpLife;

    /// <summary>Counts a try in <paramref name="state"/>, or says how long to wait: five are free, then 1 min, 2 min, 4 min … up to an hour.</summary>
    internal static TimeSpan Begin(SecondFactorState state, DateTimeOffset now)
    {
        if (state.Tries >= MostTries) return LongestPause;
        if (state.Tries >= FreeTries)
        {
            var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, Pause.Ticks << Math.Min(state.Tries - FreeTries, 6)));
            // A clock that was set back locks nobody out.
            if (now >= state.TriedAt && now < state.TriedAt + pause) return state.TriedAt + pause - now;
        }

        state.Tries++;
        state.TriedAt = now;
        return TimeSpan.Zero;
    }

    /// <summary>Uses a step up: one code signs in once (RFC 6238, 5.2).</summary>
    internal static bool Use(SecondFactorState state, long step)
    {
        if (state.Secret is null || step <= state.LastStep) return false;
        (state.LastStep, state.Tries) = (step, 0);
        return true;
    }

    /// <summary>Puts the proposed secret into use; what was before it is worth nothing from then on.</summary>
    internal static bool Confirm(SecondFactorState state, SecondFactorConfirmation confirmation)
    {
        if (state.Proposed is not { } proposed || !proposed.AsSpan().SequenceEqual(confirmation.SealedSecret.AsSpan())) return false;
        (state.Secret, state.Proposed, state.LastStep, state.Tries) = (proposed, null, confirmation.Step, 0);
        state.Recovery = [.. confirmation.Recovery];
        return true;
    }

    /// <summary>Uses a recovery code up; false when there is none like it.</summary>
    internal static bool Recover(SecondFactorState state, string hash)
    {
        var typed = Encoding.ASCII.GetBytes(hash);
        var found = state.Recovery.Find(known => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(known), typed));
        if (found is null) return false;
        state.Recovery.Remove(found);
        state.Tries = 0;
        return true;
    }

    /// <summary>Replaces the recovery codes; false when no secret is in use.</summary>
    internal static bool Renew(SecondFactorState state, ImmutableArray<string> recovery)
    {
        if (state.Secret is null) return false;
        state.Recovery = [.. recovery];
        return true;
    }
}
