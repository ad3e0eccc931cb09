using System.Security.Cryptography;
using Sos.Contracts.Identity;

namespace Sos.Grains.Identity;

/// <summary>
/// One-time codes: when one may be sent, and whether one is good. Whoever asks for codes in somebody's name neither kills nor learns hers:
/// each session has its own code. Any 24 hours see at most <see cref="IdentityOptions.CodesADay"/> codes of
/// <see cref="IdentityOptions.CodeTries"/> tries each.
/// </summary>
internal static class PhoneRules
{
    private const int MostCodes = 16;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan OneInvitationIn = TimeSpan.FromDays(30);
    private static readonly TimeSpan RefusalHolds = TimeSpan.FromDays(365);

    /// <summary>Puts a code into <paramref name="state"/>, or leaves it alone when none may be sent now.</summary>
    public static CodeStarted Start(PhoneState state, StartCode command, DateTimeOffset now, IdentityOptions options)
    {
        Tidy(state, now, options);
        if (!command.IsTest && WaitsUntil(state, now, options) is { } wait) return new CodeStarted(false, wait, now + options.CodeLife);

        state.Codes.RemoveAll(code => code.SessionId == command.SessionId);
        if (state.Codes.Count == MostCodes) state.Codes.RemoveAt(0);
        state.Codes.Add(new OpenCode { SessionId = command.SessionId, Hash = [.. command.CodeHash], SentAt = now });
        if (!command.IsTest) state.Sends.Add(now);
        return new CodeStarted(true, command.IsTest ? now : now + options.Resend, now + options.CodeLife);
    }

    /// <summary>Judges a code. A good one closes every code of the address; a wrong one costs a try.</summary>
    public static CodeVerdict Check(PhoneState state, CheckCode command, DateTimeOffset now, IdentityOptions options)
    {
        Tidy(state, now, options);
        if (state.Codes.Find(code => code.SessionId == command.SessionId) is not { } open) return CodeVerdict.Unknown;
        if (CryptographicOperations.FixedTimeEquals(open.Hash, command.CodeHash.AsSpan()))
        {
            state.Codes.Clear();
            state.Failures = 0;
            return CodeVerdict.Good;
        }

        state.Failures++;
        if (++open.Tries >= options.CodeTries) state.Codes.Remove(open);
        if (state.Failures >= options.MostFailures) state.Codes.Clear();
        return CodeVerdict.Wrong;
    }

    /// <summary>Takes the one text message in 30 days by which a number is asked to be somebody's relative, whoever asks; false when it has had that, or has refused.</summary>
    public static bool TakeInvitation(PhoneState state, DateTimeOffset now)
    {
        if (HoldsInvitation(state, now)) return false;
        state.InvitedAt = now;
        return true;
    }

    /// <summary>Whoever reads the number has refused; false when that was known already today.</summary>
    public static bool RefuseInvitations(PhoneState state, DateTimeOffset now)
    {
        if (state.RefusedInvitationsAt is { } before && before <= now && now - before < Day) return false;
        state.RefusedInvitationsAt = now;
        return true;
    }

    /// <summary>True when nothing has to be remembered of an address.</summary>
    public static bool HoldsNothing(PhoneState state, DateTimeOffset now, IdentityOptions options)
    {
        Tidy(state, now, options);
        return state is { UserId: null, Codes.Count: 0, Sends.Count: 0, Failures: 0 } && !HoldsInvitation(state, now);
    }

    private static bool HoldsInvitation(PhoneState state, DateTimeOffset now) => now - state.InvitedAt < OneInvitationIn || now - state.RefusedInvitationsAt < RefusalHolds;

    private static DateTimeOffset? WaitsUntil(PhoneState state, DateTimeOffset now, IdentityOptions options)
    {
        if (state.Failures >= options.MostFailures) return DateTimeOffset.MaxValue;
        if (state.Sends is [.., var last] && now < last + options.Resend) return last + options.Resend;
        return state.Sends.Count >= options.CodesADay ? state.Sends[0] + Day : null;
    }

    /// <summary>Drops what is over, and what a clock that was set back has left in the future.</summary>
    private static void Tidy(PhoneState state, DateTimeOffset now, IdentityOptions options)
    {
        if (state is { SessionId: { } session, CodeHash: { } hash, SentAt: { } sent })
        {
            state.Codes.Add(new OpenCode { SessionId = session, Hash = hash, SentAt = sent, Tries = state.Tries });
            state.Sends.Add(sent);
        }

        (state.SessionId, state.CodeHash, state.SentAt, state.Tries) = (null, null, null, 0);
        state.Codes.RemoveAll(code => code.SentAt > now || now >= code.SentAt + options.CodeLife);
        // A code that was sent before the window may be tried inside it: so the window is longer by its life.
        state.Sends.RemoveAll(at => at > now || now >= at + Day + options.CodeLife);
    }
}

/// <summary>What a code turned out to be.</summary>
internal enum CodeVerdict
{
    /// <summary>No such code: nothing to remember.</summary>
    Unknown,

    /// <summary>Wrong: the state has changed.</summary>
    Wrong,

    /// <summary>Good, and used up.</summary>
    Good,
}
