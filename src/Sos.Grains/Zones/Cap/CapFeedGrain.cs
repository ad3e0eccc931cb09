using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Audit;
using Sos.Contracts.Operations;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.State;

namespace Sos.Grains.Zones.Cap;

/// <summary>
/// Asks a feed for news in rounds: a reminder looks once a minute whether one is due, a timer that holds no turn up fetches and takes in what is new, and hands what it came to in
/// by a call to its own grain. Broken off, the next round takes the same in again.
/// </summary>
[GrainType("sos.cap-feed")]
internal sealed partial class CapFeedGrain(
    [PersistentState("cap-feed", StorageNames.Records)] IPersistentState<CapFeedState> record,
    ICapFetcher fetcher,
    CapIntake intake,
    IOptions<CapOptions> options,
    TimeProvider time,
    ILogger<CapFeedGrain> logger) : Grain, ICapFeedGrain, IRemindable
{
    private const string Reminder = "ask";

    /// <summary>Messages that one round fetches.</summary>
    private const int MostOfARound = 100;

    /// <summary>The shortest time that a reminder can have.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    // Interleaves with a write that may yet fail, so it is served from what is known to be on disk.
    private CapFeedHealth? _health;
    private IGrainTimer? _round;
    private bool _asking;

    private CapFeedState State => record.State;

    private string Name => this.GetPrimaryKeyString();

    private CapFeedOptions? Feed => options.Value.Feeds.FirstOrDefault(feed => feed.Name == Name);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _health = CapFeedRules.View(State, Name);
        return Task.CompletedTask;
    }

    public async Task Start()
    {
        await this.RegisterOrUpdateReminder(Reminder, Look, Look);
        AskWhenDue();
    }

    public async Task Settle(CapFeedRound round)
    {
        if (Feed is not { } feed) return;
        if (round.Fault is { } fault) LogFailed(Name, fault, State.Failures + 1);
        CapFeedRules.Settle(State, round, feed.Every, time.GetUtcNow());
        await this.WriteOrLeave(record);

        _health = CapFeedRules.View(State, Name);
        if (round.IsLeft) AskWhenDue();
    }

    public Task<CapFeedHealth> Read() => Task.FromResult(_health!);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (Feed is not null) AskWhenDue();
        else if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private void AskWhenDue()
    {
        if (_asking || State.NextAt > time.GetUtcNow()) return;
        if (_round is null) _round = this.RegisterGrainTimer(Ask, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        else _round.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task Ask()
    {
        if (_asking || Feed is not { Url: { } address }) return;
        _asking = true;
        try
        {
            CapFeedRound round;
            try
            {
                round = await Round(address);
            }
            catch (Exception trouble) when (trouble is not OutOfMemoryException)
            {
                // What has been taken in stays, and is known when it comes again.
                LogBroken(Name, trouble);
                round = new CapFeedRound("not-taken", null, null, null, 0, 0, 0, false);
            }

            _asking = false;
            await this.AsReference<ICapFeedGrain>().Settle(round);
        }
        finally
        {
            _asking = false;
        }
    }

    private async Task<CapFeedRound> Round(Uri address)
    {
        var index = await fetcher.Fetch(address, State.ETag, State.Modified, CapFeedReader.Longest);
        if (index.Fault is { } fault) return new CapFeedRound(fault, null, null, null, 0, 0, 0, false);
        if (index.Body is not { } body) return new CapFeedRound(null, State.ETag, State.Modified, null, 0, 0, 0, false);
        if (!CapFeedReader.TryRead(body, address, out var entries)) return new CapFeedRound("no-feed", null, null, null, 0, 0, 0, false);

        var counts = new RoundCounts();
        if (entries is null) await Take(body, counts);
        entries ??= [];
        var seen = CapFeedRules.Unpack(State.Seen);
        var (done, left) = (entries.Where(entry => seen.Contains(entry.Mark)).Select(entry => entry.Mark).ToList(), 0);
        foreach (var entry in entries.Where(entry => !seen.Contains(entry.Mark)))
        {
            if (left > 0 || counts.Fetched++ >= MostOfARound)
            {
                left++;
                continue;
            }

            var message = await fetcher.Fetch(entry.Address, null, null, intake.Limits.LongestMessage);
            if (message.Body is { } bytes) await Take(bytes, counts);
            else counts.Failed++;

            // What is not there is not asked for again; what fails is.
            if (message.Body is not null || message.Fault is "http-404" or "http-410") done.Add(entry.Mark);
        }

        var isWhole = left == 0 && done.Count == entries.Count;
        return new CapFeedRound(null, isWhole ? index.ETag : null, isWhole ? index.Modified : null, CapFeedRules.Pack(done), counts.Taken, counts.Ignored, counts.Refused + counts.Failed, left > 0);
    }

    private async Task Take(byte[] bytes, RoundCounts counts)
    {
        var decision = intake.Read(bytes, Name);
        if (decision.Refusal is { } refusal)
        {
            LogRefused(Name, refusal.Code);
            counts.Refused++;
        }
        else if (decision.Warning is not { } warning) counts.Ignored++;
        else
        {
            var taken = await intake.Take(warning);
            if (taken == CapTaken.Full) throw new InvalidOperationException("There are as many warnings as can be kept.");
            if (taken is not (CapTaken.Taken or CapTaken.Superseded)) return;
            counts.Taken++;
            await Audit(warning);
        }
    }

    // Under nobody's name: it is the configuration that has let it in.
    private Task Audit(CapWarning warning)
    {
        var (now, key) = (time.GetUtcNow(), CapKeys.Of(warning.Name));
        var detail = string.Create(CultureInfo.InvariantCulture, $"{warning.Type}, {warning.Zones.Length} zones, ends {warning.References.Length}");
        return GrainFactory.GetGrain<IAuditGrain>(AuditKeys.ChainOf(now, Guid.Empty)).Append(new AuditDraft(key, now, Guid.Empty, AuditAct.TookWarning, $"warning/{key}", $"feed {Name}", detail));
    }

    private sealed class RoundCounts
    {
        public int Fetched { get; set; }

        public int Taken { get; set; }

        public int Ignored { get; set; }

        public int Refused { get; set; }

        public int Failed { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The feed of warnings {Feed} failed ({Fault}), {Failures} in a row.")]
    private partial void LogFailed(string feed, string fault, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of the feed {Feed} was refused ({Code}).")]
    private partial void LogRefused(string feed, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of the feed {Feed} was broken off; it is taken in again.")]
    private partial void LogBroken(string feed, Exception trouble);
}
