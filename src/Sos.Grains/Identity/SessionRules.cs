using Sos.Contracts.Identity;

namespace Sos.Grains.Identity;

/// <summary>When a session is open, and what a refresh token is worth (OWASP ASVS 5.0, 10.4.5 and 10.4.8).</summary>
internal static class SessionRules
{
    /// <summary>True until it is revoked, idle too long or too old.</summary>
    public static bool IsOpen(SessionState state, DateTimeOffset now, IdentityOptions options) =>
        state.RevokedAt is null && now < state.UsedAt + options.SessionIdle && now < state.OpenedAt + options.SessionLife;

    /// <summary>Ends it for good. What the device was called goes with it: an ended session is in no list of hers any more.</summary>
    public static void End(SessionState state, DateTimeOffset now) => (state.RevokedAt, state.Device, state.RotatedBy) = (now, null, null);

    /// <summary>Judges a refresh token and changes <paramref name="state"/> where the verdict says so.</summary>
    /// <param name="state">The family.</param>
    /// <param name="command">The token.</param>
    /// <param name="now">The present.</param>
    /// <param name="startedAt">Start of this process: while none ran nobody could repeat, so the grace begins again with it.</param>
    /// <param name="options">The lengths.</param>
    public static RefreshVerdict Refresh(SessionState state, RefreshCommand command, DateTimeOffset now, DateTimeOffset startedAt, IdentityOptions options)
    {
        if (!IsOpen(state, now, options) || state.App?.ClientId != command.App) return RefreshVerdict.Ended;
        if (command.Generation == state.Generation)
        {
            state.Generation++;
            state.UsedAt = now;
            state.RotatedBy = command.Device;
            return RefreshVerdict.Rotated;
        }

        // Numbers ahead of the record are left from before a restored backup: worthless, but no sign of theft.
        if (command.Generation > state.Generation) return RefreshVerdict.Ended;
        var answered = state.UsedAt > startedAt ? state.UsedAt : startedAt;
        var repeats = command.Generation == state.Generation - 1 && now < answered + options.RefreshGrace;
        if (repeats && string.Equals(command.Device, state.RotatedBy, StringComparison.Ordinal)) return RefreshVerdict.Repeated;

        End(state, now);
        return RefreshVerdict.Reused;
    }
}

/// <summary>What a refresh token turned out to be.</summary>
internal enum RefreshVerdict
{
    /// <summary>The session has ended: nothing changed.</summary>
    Ended,

    /// <summary>Good: the next one is now the good one.</summary>
    Rotated,

    /// <summary>Used a moment ago by the same device, whose answer may have been lost: nothing changed.</summary>
    Repeated,

    /// <summary>Used before by somebody: the session is ended.</summary>
    Reused,
}
