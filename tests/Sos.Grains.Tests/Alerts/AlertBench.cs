using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Alerts;
using Sos.Grains.Dispatch;

namespace Sos.Grains.Tests.Alerts;

/// <summary>One alert record on the bench: rules are tried on it without any runtime.</summary>
internal sealed class AlertBench
{
    public static readonly GeoPoint Square = new(48.2082, 16.3738);

    public AlertState State { get; } = new();

    public Guid Id { get; } = Guid.Parse("01890000-0000-7000-8000-000000000001");

    public Guid Victim { get; } = Guid.Parse("01890000-0000-7000-8000-0000000000aa");

    public Guid Anna { get; } = Guid.Parse("01890000-0000-7000-8000-0000000000a1");

    public Guid Ben { get; } = Guid.Parse("01890000-0000-7000-8000-0000000000b1");

    public DispatchOptions Options { get; } = new();

    public DateTimeOffset Now { get; set; } = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public AlertBench Raise(AlertKind kind = AlertKind.Medical, DateTimeOffset? hold = null, PositionFix? position = null, bool located = true)
    {
        AlertRules.Raise(State, Press(kind, hold, position ?? (located ? new PositionFix(Square, null, Now) : null)), Now, Options);
        return Write();
    }

    public RaiseCommand Press(AlertKind kind = AlertKind.Medical, DateTimeOffset? hold = null, PositionFix? position = null, string? fingerprint = null) =>
        new(Victim, kind, position, "fell from a ladder", false, hold, Now, fingerprint, []);

    public AlertBench Ask(params Guid[] responders)
    {
        var ranked = responders.Select(r => Candidate(r)).ToImmutableArray();
        DispatchMoves.AskWave(State, Id, ranked, ranked, 0, Now, Options);
        return Write();
    }

    public AlertBench Assign(Guid responder)
    {
        DispatchMoves.Assign(State, Id, Candidate(responder), "Anna", Actor.Service, null, null, Now, Options);
        return Write();
    }

    public AlertBench Accept(Guid responder, string name = "Anna")
    {
        Assert.Equal(AlertRefusal.None, ResponderMoves.Check(State, Move(responder, ResponderMove.Accept)));
        ResponderMoves.Accept(State, Id, responder, name, Now, Options);
        return Write();
    }

    public AlertRefusal Try(Guid responder, ResponderMove move, long? version = null)
    {
        var command = Move(responder, move) with { Version = version ?? State.Version };
        var refusal = ResponderMoves.Check(State, command);
        if (refusal != AlertRefusal.None || ResponderMoves.IsDone(State, command)) return refusal;
        if (move == ResponderMove.Accept) ResponderMoves.Accept(State, Id, responder, "Anna", Now, Options);
        else if (move == ResponderMove.Decline) ResponderMoves.Decline(State, command, Now);
        else ResponderMoves.Advance(State, Id, command, Now);
        Write();
        return refusal;
    }

    public AlertBench After(TimeSpan time)
    {
        Now += time;
        if (AlertDue.Pass(State, Id, Now, Options)) Write();
        return this;
    }

    /// <summary>Forgets what the outbox holds, as if it had been sent.</summary>
    public AlertBench Sent()
    {
        State.Outbox.Clear();
        return this;
    }

    public AlertBench Write()
    {
        State.Version++;
        return this;
    }

    public static Candidate Candidate(Guid responder, double acceptance = 0.5, double score = 0.5, string reason = "not-needed") =>
        new(responder, 500, 120, 1, acceptance, score, false, reason);

    public static CellHit Hit(Guid person, double metres, Capabilities capabilities = Capabilities.Medical, int free = 1, double reliability = 0.5, Freshness freshness = Freshness.Live, DateTimeOffset? at = null)
    {
        var when = at ?? new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        var traits = new ResponderTraits(capabilities, Transport.Car, free, reliability, when);
        var entry = new CellEntry(person, 1, 1, Square.Travel(90, Distance.FromMetres(metres)), when, when.AddMinutes(30), traits);
        return new CellHit(entry, Distance.FromMetres(metres), freshness);
    }

    public RespondCommand Move(Guid responder, ResponderMove move) => new(responder, move, State.Version, null, null);

    public IEnumerable<OutboxItem> Outbox(OutboxKind kind) => State.Outbox.Where(i => i.Kind == kind);

    public IEnumerable<AlertEventKind> Story => State.Timeline.Select(e => e.Kind);
}
