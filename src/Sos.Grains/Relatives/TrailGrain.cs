using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Relatives;

/// <summary>
/// The trail of one person. Positions come one way, wait here for others, and are written by the hour; which hours there are is written before the first position of
/// one, and forgotten after the last is deleted: a kill leaves no position that nobody would delete.
/// </summary>
[GrainType("sos.trail"), PreferLocalPlacement]
internal sealed partial class TrailGrain(
    [PersistentState("trail", StorageNames.Records)] IPersistentState<TrailState> record, TimeProvider time, ILogger<TrailGrain> logger) : Grain, ITrailGrain, IRemindable
{
    private const string ReminderName = "trail";
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    private readonly List<TrailPoint> _unwritten = [];
    private IGrainTimer? _timer;
    private bool _isArmed;

    private TrailState State => record.State;

    private DateTimeOffset Now => time.GetUtcNow();

    public Task<TrailSettings> Settings()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(View());
    }

    public async Task<TrailSettings> Set(TrailSettings settings)
    {
        TrailRules.Set(State, settings, Now);
        await Write();
        await Purge();
        return View();
    }

    public async Task Keep(TrailPoint point)
    {
        if (!TrailRules.Takes(State, point, Now))
        {
            // It was on its way when she switched off, deleted it, or left.
            if (!record.RecordExists) DeactivateOnIdle();
            return;
        }

        if (_unwritten.Count == TrailRules.MostHeld) _unwritten.RemoveAt(0);
        _unwritten.Add(point);
        if (_unwritten.Count >= TrailRules.MostUnwritten) await TryFlush();
        else Arm();
    }

    public async Task<ImmutableArray<TrailPoint>> Read(DateTimeOffset from, DateTimeOffset to)
    {
        if (!record.RecordExists) DeactivateOnIdle();
        var oldest = TrailRules.Oldest(State, Now);
        if (from > oldest) oldest = from;
        var (first, last) = (TrailRules.HourOf(oldest), TrailRules.HourOf(to));
        var written = await Task.WhenAll(State.Hours.Where(hour => hour >= first && hour <= last).Select(hour => Hour(hour).Read()));
        return [.. written.SelectMany(points => points).Concat(_unwritten).Where(point => point.Fix.At >= oldest && point.Fix.At <= to)
            .DistinctBy(point => point.Fix.At.ToUnixTimeMilliseconds()).OrderBy(point => point.Fix.At)];
    }

    public async Task Clear()
    {
        if (!record.RecordExists)
        {
            DeactivateOnIdle();
            return;
        }

        // Written first: killed from here on, nothing of it is shown any more, and the reminder deletes the rest.
        State.ClearedAt = Now;
        await Write();
        await Purge();
    }

    public async Task Erase()
    {
        await Task.WhenAll(State.Hours.Select(hour => Hour(hour).Forget(DateTimeOffset.MaxValue)));
        await Unregister();
        if (record.RecordExists) await this.ClearOrLeave(record);
        _unwritten.Clear();
        DeactivateOnIdle();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Purge();
        if (State.Hours.Count == 0) await Unregister();
    }

    private ITrailHourGrain Hour(long hour) => GrainFactory.GetGrain<ITrailHourGrain>(ITrailHourGrain.KeyOf(this.GetPrimaryKey(), hour));

    private TrailSettings View() => new(State.Enabled, TrailRules.Hours(State));

    // Positions before the list of hours: killed in between, the next look does it again.
    private async Task Purge()
    {
        var oldest = TrailRules.Oldest(State, Now);
        _unwritten.RemoveAll(point => point.Fix.At < oldest);
        var due = State.Hours.Where(hour => TrailRules.StartOf(hour) < oldest).ToList();
        if (due.Count == 0) return;
        var gone = due.Zip(await Task.WhenAll(due.Select(hour => Hour(hour).Forget(oldest)))).Where(hour => hour.Second).Select(hour => hour.First).ToHashSet();
        if (State.Hours.RemoveAll(gone.Contains) > 0) await Write();
    }

    private async Task Flush()
    {
        var hours = _unwritten.GroupBy(point => TrailRules.HourOf(point.Fix.At)).ToList();
        var begun = hours.Select(hour => hour.Key).Except(State.Hours).ToList();
        if (begun.Count > 0)
        {
            // Before the write: a stray reminder ends itself, a missing one would keep the trail for ever.
            if (State.Hours.Count == 0) await this.RegisterOrUpdateReminder(ReminderName, LookEvery, LookEvery);
            State.Hours.AddRange(begun);
            await Write();
        }

        foreach (var hour in hours) await Hour(hour.Key).Append([.. hour]);
        _unwritten.Clear();
    }

    private void Arm()
    {
        if (_isArmed) return;
        _isArmed = true;
        _timer ??= this.RegisterGrainTimer(TryFlush, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        _timer.Change(TrailRules.WrittenAfter, Timeout.InfiniteTimeSpan);
    }

    private async Task TryFlush()
    {
        _isArmed = false;
        try
        {
            if (_unwritten.Count > 0) await Flush();
        }
        catch (Exception trouble) when (trouble is OrleansException or TimeoutException)
        {
            // Again in a minute, or with the next one; where the list of hours could not be written this activation ends, and they with it.
            LogNotWritten(trouble.GetType().Name);
            Arm();
        }
    }

    private async Task Unregister()
    {
        if (await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private Task Write() => this.WriteOrLeave(record);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Positions of a trail were not written ({Exception}).")]
    private partial void LogNotWritten(string exception);
}
