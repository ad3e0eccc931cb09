using System.Diagnostics;
using System.Security.Cryptography;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Alerts;
using Sos.Grains.Dispatch;
using Sos.Grains.Privacy;
using Sos.Grains.State;

namespace Sos.Benchmarks.Privacy;

/// <summary>An alert's record with its first wave, written and read through the sealed provider and through the codec alone.</summary>
internal static class SealBenchmark
{
    private const int Warm = 3_000;
    private const int Runs = 30_000;
    private static readonly GrainId Grain = GrainId.Create("sos.alert", Guid.CreateVersion7().ToString("N"));

    public static async Task<int> Run(string[] args)
    {
        var codec = new SosStateSerializer();
        var memory = new OneRecord(codec);
        var ring = new KeyRing([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);
        var storage = new SealedGrainStorage(memory, new OwnerKeys(memory, ring), ring);
        var written = new GrainState<AlertState>(Record());
        await storage.WriteStateAsync("alert", Grain, written);
        var plain = codec.Serialize(written.State);
        Console.WriteLine($"an alert with 8 offers and its outbox: {plain.ToMemory().Length:N0} bytes of JSON, {memory.Stored.ToMemory().Length:N0} stored");

        await Print("write, JSON alone", () =>
        {
            codec.Serialize(written.State);
            return Task.CompletedTask;
        });
        await Print("write, sealed", () => storage.WriteStateAsync("alert", Grain, written));
        await Print("read, JSON alone", () =>
        {
            codec.Deserialize<AlertState>(plain);
            return Task.CompletedTask;
        });
        await Print("read, sealed", () => storage.ReadStateAsync("alert", Grain, new GrainState<AlertState>(new AlertState())));
        return 0;
    }

    private static async Task Print(string name, Func<Task> operation)
    {
        for (var i = 0; i < Warm; i++) await operation();
        var (bytes, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        for (var i = 0; i < Runs; i++) await operation();
        var elapsed = Stopwatch.GetElapsedTime(start);
        Console.WriteLine($"{name,-20} {elapsed.TotalMicroseconds / Runs,8:N2} µs   {(GC.GetAllocatedBytesForCurrentThread() - bytes) / Runs,8:N0} bytes allocated");
    }

    private static AlertState Record()
    {
        var (now, id, options) = (DateTimeOffset.UnixEpoch.AddYears(56), Guid.CreateVersion7(), new DispatchOptions());
        var state = new AlertState();
        var fix = new PositionFix(new GeoPoint(48.2082, 16.3738), Distance.FromMetres(10), now);
        AlertRules.Raise(state, new RaiseCommand(Guid.CreateVersion7(), AlertKind.Medical, fix, "second floor, left door", false, null, now, null, []), now, options);
        for (var i = 0; i < 8; i++)
        {
            var offer = new Offer { Responder = Guid.CreateVersion7(), Round = 1, Version = 1, At = now, AnswerBy = now + options.AnswerTime, EtaSeconds = 120, DistanceMetres = 800 };
            state.Offers.Add(offer);
            state.Deliver(id, offer.Responder, InboxKind.Offer, 1, AlertBriefing.Brief(state, offer, accepted: false, offer.AnswerBy));
        }

        state.Add(now, AlertEventKind.Offered, Actor.Service, count: 8);
        return state;
    }

    /// <summary>A provider that keeps one record and touches no disk.</summary>
    private sealed class OneRecord(IGrainStorageSerializer codec) : IGrainStorage
    {
        public BinaryData Stored { get; private set; } = BinaryData.Empty;

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            (grainState.State, grainState.RecordExists) = (codec.Deserialize<T>(Stored)!, true);
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            (Stored, grainState.RecordExists) = (codec.Serialize(grainState.State), true);
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}
