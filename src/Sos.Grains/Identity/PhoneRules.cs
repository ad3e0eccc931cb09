using System.Security.Cryptography;
using Sos.Contracts.Identity;

namespace Sos.Grains.Identity;

/// <summary>One-time codes: when one may be asked for, and whether one is good.</summary>
internal static class PhoneRules
{
    /// <summary>Begins a code session in <paramref name="state"/>, or leaves it alone when the last code is too young.</summary>
    public static CodeStarted Start(PhoneState state, StartCode command, DateTimeOffset now, IdentityOptions options)
    {
        if (!command.IsTest && state.SentAt is { } sent && now < sent + options.Resend && now >= sent)
            return new CodeStarted(false, sent + options.Resend, sent + options.CodeLife);

        state.SessionId = command.SessionId;
        state.CodeHash = [.. command.CodeHash];
        state.SentAt = now;
        state.Tries = 0;
        return new CodeStarted(true, command.IsTest ? now : now + options.Resend, now + options.CodeLife);
    }

    /// <summary>Judges a code. Good and used-up sessions are closed in <paramref name="state"/>; the resend time goes on counting.</summary>
    public static CodeVerdict Check(PhoneState state, CheckCode command, DateTimeOffset now, IdentityOptions options)
    {
        if (state.SessionId is not { } open || open != command.SessionId || state.CodeHash is null || state.SentAt is not { } sent) return CodeVerdict.Unknown;
        if (now >= sent + options.CodeLife)
        {
            Close(state);
            return CodeVerdict.Wrong;
        }

        if (CryptographicOperations.FixedTimeEquals(state.CodeHash, command.CodeHash.AsSpan()))
        {
            Close(state);
            return CodeVerdict.Good;
        }

        state.Tries++;
        if (state.Tries >= options.CodeTries) Close(state);
        return CodeVerdict.Wrong;
    }

    private static void Close(PhoneState state) => (state.SessionId, state.CodeHash, state.Tries) = (null, null, 0);
}

/// <summary>What a code turned out to be.</summary>
internal enum CodeVerdict
{
    /// <summary>No such code session: nothing changed.</summary>
    Unknown,

    /// <summary>Wrong or too late: the state has changed.</summary>
    Wrong,

    /// <summary>Good, and used up.</summary>
    Good,
}
