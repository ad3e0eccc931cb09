using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;
using Sos.Server.Hosting;

namespace Sos.Server.Alerts;

/// <summary>What became of a press.</summary>
internal enum PressResult
{
    /// <summary>A new alert; durable.</summary>
    Created,

    /// <summary>The same press again, or merged into the alert that is open.</summary>
    Present,

    /// <summary>The Idempotency-Key was used with another body; the alert of the first stands.</summary>
    KeyReused,
}

/// <summary>Answer to a press.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="View">The alert as its victim sees it.</param>
internal sealed record PressOutcome(PressResult Result, AlertView View);

/// <summary>
/// Takes presses. Everything that is asked on the way has a time after which the press goes on without it; only the alert's own record
/// decides. Nothing here is cancelled when the caller goes away.
/// </summary>
internal sealed partial class PressDesk(IGrainFactory grains, RecentPresses recent, TimeProvider time, ILogger<PressDesk> logger)
{
    /// <summary>How long the caller waits in all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long the person's grain, or an open alert, may keep a press from being raised by itself.</summary>
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstTry = TimeSpan.FromSeconds(2);

    /// <summary>Takes a press; durable when answered.</summary>
    /// <exception cref="TimeoutException">Not answered in time, twice: whether it was taken is unknown.</exception>
    public async Task<PressOutcome> Take(Press press, PressKey key, Guid victim)
    {
        var deadline = time.GetUtcNow() + Patience;
        var user = grains.GetGrain<IUserGrain>(victim);
        var lastKnown = press.Position is null or { LastKnown: true } ? Try(user.LastKnown()) : Task.FromResult<PositionFix?>(null);
        var slot = recent.Claim(victim, key.AlertId);
        var open = (slot.AlertId != key.AlertId ? await Try(slot.Alert.Task) : null) ?? await Try(user.OpenAlert());
        if (open is { } other && other != key.AlertId && await Merge(press, key, victim, other) is { } merged)
        {
            slot.Alert.TrySetResult(other);
            return merged;
        }

        if (slot.AlertId != key.AlertId) slot = recent.Replace(victim, key.AlertId);
        return await Raise(Placed(press, await lastKnown), key, victim, slot, deadline);
    }

    private async Task<PressOutcome> Raise(Press press, PressKey key, Guid victim, RecentPresses.Slot slot, DateTimeOffset deadline)
    {
        var (id, warnings) = (key.AlertId, press.Warnings | key.Warnings);
        try
        {
            var outcome = await Twice(id, Command(press, key, victim, warnings), deadline);
            if (outcome.Result == RaiseResult.Foreign)
            {
                // Somebody else's id, by chance or on purpose: her alert is none of this person's business, this press is.
                id = Guid.CreateVersion7(time.GetUtcNow());
                slot = recent.Replace(victim, id);
                outcome = await Twice(id, Command(press, key, victim, warnings | PressWarnings.IdChanged), deadline);
            }

            slot.Alert.TrySetResult(id);
            var result = outcome.Result switch
            {
                RaiseResult.Created => PressResult.Created,
                RaiseResult.Replayed => PressResult.Present,
                _ => PressResult.KeyReused,
            };
            return new PressOutcome(result, outcome.View!);
        }
        catch
        {
            recent.Forget(victim, slot);
            throw;
        }
    }

    /// <summary>
    /// Adds the press to an open alert; null when that is closed or does not answer, so that the press is raised by itself, and when the
    /// press is the repeat of an older alert's, which answers it from its own record.
    /// </summary>
    private async Task<PressOutcome?> Merge(Press press, PressKey key, Guid victim, Guid open)
    {
        if (key.Named && await Try(grains.GetGrain<IAlertGrain>(key.AlertId).View(new AlertReader(victim, false, []))) is not null) return null;
        var command = new AppendCommand(
            victim, press.Position, press.Note, press.Kind == AlertKind.Other ? null : press.Kind, IsPress: true,
            key.Named ? new CommandKey($"press/{key.AlertId:N}", key.Fingerprint ?? "") : null);
        var outcome = await Try(grains.GetGrain<IAlertGrain>(open).Append(command));
        // Left out of a backup that was restored: her next press must find the alert that this one raises.
        if (outcome is { Refusal: AlertRefusal.NotFound }) await Try(Over(grains.GetGrain<IUserGrain>(victim), open));
        return outcome switch
        {
            { Refusal: AlertRefusal.None, View: { } view } => new PressOutcome(PressResult.Present, view),
            { Refusal: AlertRefusal.KeyReused, View: { } view } => new PressOutcome(PressResult.KeyReused, view),
            _ => null,
        };
    }

    private static async Task<bool> Over(IUserGrain user, Guid alert)
    {
        await user.NoteAlert(alert, open: false);
        return true;
    }

    private static Press Placed(Press press, PositionFix? lastKnown)
    {
        if (lastKnown is null || lastKnown.At <= press.Position?.At)
        {
            return press.Position is null ? press with { Warnings = press.Warnings | PressWarnings.PositionUnknown } : press;
        }

        return press with { Position = lastKnown with { LastKnown = true }, Warnings = press.Warnings | PressWarnings.PositionLastKnown };
    }

    private static RaiseCommand Command(Press press, PressKey key, Guid victim, PressWarnings warnings) => new(
        victim, press.Kind, press.Position, press.Note, press.Silent, press.HoldUntil, press.PressedAt, key.Fingerprint, PressWords.Of(warnings));

    /// <summary>A raise that fails or is not answered is sent once more: the same id makes the repeat harmless.</summary>
    private async Task<RaiseOutcome> Twice(Guid id, RaiseCommand command, DateTimeOffset deadline)
    {
        var alert = grains.GetGrain<IAlertGrain>(id);
        try
        {
            return await alert.Raise(command).WaitAsync(FirstTry, time);
        }
        catch (Exception trouble) when (!SosSilo.IsStoreFull(trouble))
        {
            LogRaisedAgain(id, trouble.GetType().Name);
        }

        var left = deadline - time.GetUtcNow();
        return await alert.Raise(command).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
    }

    private async Task<T?> Try<T>(Task<T> question)
    {
        try
        {
            return await question.WaitAsync(AskPatience, time);
        }
        catch (Exception trouble)
        {
            LogWentOn(trouble.GetType().Name);
            return default;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Raising alert {AlertId} failed ({Exception}); trying once more")]
    private partial void LogRaisedAgain(Guid alertId, string exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A press went on without an answer to what it asked ({Exception})")]
    private partial void LogWentOn(string exception);
}
