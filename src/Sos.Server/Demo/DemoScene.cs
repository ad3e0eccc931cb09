using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Server.MadeUp;

namespace Sos.Server.Demo;

/// <summary>A responder on the map.</summary>
/// <param name="Id">User id.</param>
/// <param name="Name">First name.</param>
/// <param name="State">live or stale.</param>
/// <param name="Busy">Has no capacity left.</param>
/// <param name="Suspended">Cleared no more; no position then.</param>
/// <param name="Alert">Where she goes, for the made-up ones.</param>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
internal sealed record SceneResponder(Guid Id, string Name, string State, bool Busy, bool Suspended, Guid? Alert, double? Latitude, double? Longitude);

/// <summary>An open alert on the map.</summary>
internal sealed record SceneAlert(Guid Id, AlertKind Kind, AlertStatus Status, double? Latitude, double? Longitude);

/// <summary>Counters since the start.</summary>
internal sealed record SceneTotals(int Closed);

/// <summary>A second of the city.</summary>
internal sealed record Scene(ImmutableArray<SceneResponder> Responders, ImmutableArray<SceneAlert> Alerts, ImmutableArray<AlertEvent> Events, SceneTotals Totals);

/// <summary>What a made-up all-seeing eye sees: cells, boards and events, read once a second for all watchers together.</summary>
internal sealed class DemoScene(DemoCity city, DemoCast cast, IGrainFactory grains)
{
    private const int Remembered = 40;
    private const int MostPerCell = 200;
    private static readonly Distance Reach = Distance.FromKilometres(7);

    private readonly AlertReader _eye = new(cast.Visitors.Single(side => side.Role == "admin").Member.Id, true, ["*"]);
    private readonly Dictionary<Guid, CastMember> _known = cast.AllResponders.ToDictionary(member => member.Id);
    private readonly ImmutableArray<GeocellId> _cells = GeocellGrid.Cover(DemoCity.Centre, Reach);
    private readonly Dictionary<Guid, long> _seen = [];
    private ImmutableArray<AlertEvent> _past = [];
    private int _closed;
    private volatile Frame _frame = new(new Scene([], [], [], new SceneTotals(0)), []);

    /// <summary>Reads how everything stands.</summary>
    public async Task Look(IReadOnlyList<MadeUpResponder> madeUp, DateTimeOffset now)
    {
        var responders = await Responders(madeUp);
        var entries = (await Task.WhenAll(city.Areas.Select(area => grains.GetGrain<IAlertBoardGrain>(area.Value).Open()))).SelectMany(board => board).ToList();
        var events = await Events(entries);
        _past = [.. _past.Concat(events).TakeLast(Remembered)];
        _closed += events.Count(e => e.Kind is AlertEventKind.Resolved or AlertEventKind.Cancelled or AlertEventKind.FalseAlarm);
        var alerts = entries.Select(e => new SceneAlert(e.AlertId, e.Kind, e.Status, e.Position?.Point.Latitude, e.Position?.Point.Longitude)).ToImmutableArray();
        var last = _frame;
        _frame = new Frame(new Scene(responders, alerts, events, new SceneTotals(_closed)), _past);
        last.Over.SetResult();
    }

    /// <summary>A scene a second, the first with the newest events of the past.</summary>
    public async IAsyncEnumerable<SseItem<Scene>> Watch([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frame = _frame;
        yield return new SseItem<Scene>(frame.Scene with { Events = frame.Past });
        while (true)
        {
            await frame.Over.Task.WaitAsync(cancellationToken);
            frame = _frame;
            yield return new SseItem<Scene>(frame.Scene);
        }
    }

    private async Task<ImmutableArray<SceneResponder>> Responders(IReadOnlyList<MadeUpResponder> madeUp)
    {
        var missions = madeUp.ToDictionary(responder => responder.Member.Id, responder => responder.Alert);
        var query = new CellQuery(DemoCity.Centre, Reach, MostPerCell);
        var answers = await Task.WhenAll(_cells.Select(cell => grains.GetGrain<IGeocellGrain>(cell.ToString()).Nearest(query)));
        var newest = answers.SelectMany(answer => answer.Hits)
            .GroupBy(hit => hit.Entry.Person)
            .ToDictionary(hits => hits.Key, hits => hits.MaxBy(hit => (hit.Entry.Epoch, hit.Entry.Seq))!);
        var scene = ImmutableArray.CreateBuilder<SceneResponder>();
        foreach (var (id, member) in _known)
        {
            if (newest.TryGetValue(id, out var hit))
            {
                var (point, busy) = (hit.Entry.Point, hit.Entry.Traits is { FreeCapacity: 0 });
                scene.Add(new SceneResponder(id, member.Name, hit.Freshness == Freshness.Live ? "live" : "stale", busy, false, missions.GetValueOrDefault(id), point.Latitude, point.Longitude));
            }
            else if (await grains.GetGrain<IResponderGrain>(id).View() is { Cleared: false })
                scene.Add(new SceneResponder(id, member.Name, "stale", false, true, null, null, null));
        }

        return scene.ToImmutable();
    }

    /// <summary>What is new of the alerts on the boards, and of those that were on them a second ago: their end.</summary>
    private async Task<ImmutableArray<AlertEvent>> Events(List<BoardEntry> entries)
    {
        var open = entries.Select(entry => entry.AlertId).ToHashSet();
        var news = new List<AlertEvent>();
        foreach (var alert in open.Union(_seen.Keys).ToList())
        {
            var page = await grains.GetGrain<IAlertGrain>(alert).Events(_eye, _seen.GetValueOrDefault(alert), 100);
            if (page is { Events.IsEmpty: false }) news.AddRange(page.Events);
            if (open.Contains(alert)) _seen[alert] = page?.Next ?? 0;
            else _seen.Remove(alert);
        }

        return [.. news.OrderBy(e => e.At)];
    }

    /// <summary>A scene, what was told before its end, and the moment when the next one is there.</summary>
    private sealed record Frame(Scene Scene, ImmutableArray<AlertEvent> Past)
    {
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
