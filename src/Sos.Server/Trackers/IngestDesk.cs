using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Trackers;
using Sos.Contracts.Users;
using Sos.Server.Alerts;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Zones;

namespace Sos.Server.Trackers;

/// <summary>What became of a tracker's message.</summary>
/// <param name="Refusal">Why it was not taken; null: it was.</param>
/// <param name="Alert">The alert that it has raised or joined; null when it did not call for help.</param>
/// <param name="Tracker">Which tracker it is; null where that could not be asked.</param>
internal sealed record Intake(ProblemResult? Refusal, AlertView? Alert = null, Tracker? Tracker = null);

/// <summary>
/// Takes what trackers send. A call for help goes first, by the way of every press, and waits for nothing: no limit, no zone and no bad member of the same body holds
/// it up, and where its owner's trackers cannot be asked in time it is taken on the word of its token's seal. Positions go the way of every position.
/// </summary>
internal sealed partial class IngestDesk(
    IGrainFactory grains, TrackerTokens tokens, PressDesk presses, PositionDesk positions, RequestLimits limits, TimeProvider time, ILogger<IngestDesk> logger)
{
    /// <summary>How long anything that is asked may keep a call for help waiting.</summary>
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(1);

    /// <summary>Clients send the same press again until it is answered. After the close of its alert that counts for so long; then it is somebody who presses again.</summary>
    private static readonly TimeSpan RepeatFor = TimeSpan.FromMinutes(1);

    /// <summary>The token as ours, or the refusal of one that is not: made-up ones are counted by block of addresses, and look like revoked ones.</summary>
    public ProblemResult? Refuse(string? text, HttpContext context, out TrackerToken? token)
    {
        token = tokens.Open(text);
        if (token is not null) return null;
        return limits.TakeForged(ClientBlock.Of(context.Connection.RemoteIpAddress)) ? ProblemResult.NotFound : TooMany(context);
    }

    /// <summary>Takes a message.</summary>
    public async Task<Intake> Take(TrackerToken token, TrackerMessage message, bool isCut, HttpContext context)
    {
        var user = grains.GetGrain<IUserGrain>(token.Owner);
        var trackers = grains.GetGrain<ITrackersGrain>(token.Owner);
        if (message.CallsForHelp)
        {
            var (known, found) = await Try(trackers.Find(token.Hash));
            var (answered, profile) = await Try(user.Profile());
            if (known && found is null || answered && profile is not { Active: true }) return new Intake(ProblemResult.NotFound);
            var alert = await Press(token, message);
            await Try(Follow(token.Owner, user, message));
            if (found is not null) await Try(Heard(trackers, found.Id, message));
            return new Intake(null, alert, found);
        }

        if (await trackers.Find(token.Hash) is not { } tracker || await user.Profile() is not { Active: true }) return new Intake(ProblemResult.NotFound);
        if (!limits.TakeOfTracker(tracker.Id)) return new Intake(TooMany(context));
        if (isCut) return new Intake(new ProblemResult(ProblemKind.TooLarge));
        if (message.Unreadable is { } unreadable) return new Intake(unreadable);
        if (message.Reports.IsEmpty && message.Problem is null) return new Intake(null, null, tracker);
        await Follow(token.Owner, user, message);
        await Try(Heard(trackers, tracker.Id, message));
        return new Intake(null, null, tracker);
    }

    private async Task<AlertView> Press(TrackerToken token, TrackerMessage message)
    {
        var (now, warnings, report) = (time.GetUtcNow(), PressWarnings.None, message.Reports.IsEmpty ? null : message.Reports[^1]);
        var pressedAt = PressClock.Pressed(message.SaidAt, now, ref warnings);
        // Made up, or the zero of a receiver that knows nothing: the last position that was believed is better.
        var point = report is null or { Mock: true } or { Point: { Latitude: 0, Longitude: 0 } } ? null : report.Point;
        var fix = PressClock.Position(point, report?.Accuracy?.Metres, message.SaidAt, message.SaidAt, pressedAt, now, ref warnings);
        var press = new Press(null, AlertKind.Other, fix, null, Silent: false, HoldUntil: null, pressedAt, warnings);
        var outcome = await presses.Take(press, PressKey.OfDevice(token.Owner, token.Hash, pressedAt), token.Owner);
        if (outcome.View.ClosedAt is not { } closed || time.GetUtcNow() - closed <= RepeatFor) return outcome.View;
        return (await presses.Take(press, PressKey.OfDevice(token.Owner, token.Hash, now), token.Owner)).View;
    }

    /// <summary>Where she is, and where her open alert is: whoever helps her must not depend on her phone.</summary>
    private async Task<bool> Follow(Guid person, IUserGrain user, TrackerMessage message)
    {
        await positions.Take(person, message.Reports);
        if (await user.OpenAlert() is { } open && await user.LastKnown() is { } fix)
            await grains.GetGrain<IAlertGrain>(open).Append(new AppendCommand(person, fix, null, null, IsPress: false, Key: null));
        return true;
    }

    private async Task<bool> Heard(ITrackersGrain trackers, Guid id, TrackerMessage message)
    {
        await trackers.Heard(id, new TrackerSign(time.GetUtcNow(), message.Battery, message.Speed, message.Problem));
        return true;
    }

    private async Task<(bool Answered, T? Answer)> Try<T>(Task<T> question)
    {
        try
        {
            return (true, await question.WaitAsync(AskPatience, time));
        }
        catch (Exception trouble)
        {
            LogWentOn(trouble.GetType().Name);
            return (false, default);
        }
    }

    private static ProblemResult TooMany(HttpContext context) => ProblemResult.Wait(TimeSpan.FromSeconds(RequestLimits.SegmentSeconds), context.Response);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A tracker's message went on without an answer to what it asked ({Exception})")]
    private partial void LogWentOn(string exception);
}
