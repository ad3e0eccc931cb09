using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace Sos.Runtime.Tests.Claims.State;

[GenerateSerializer, Alias("claims.counter")]
public sealed class Counter
{
    [Id(0)] public int Value { get; set; }

    [Id(1)] public string Name { get; set; } = "new";
}

/// <summary>A state class as none of ours may be: its only constructor has parameters.</summary>
[GenerateSerializer, Alias("claims.constructed")]
public sealed record Constructed([property: Id(0)] string Name, [property: Id(1)] ImmutableArray<int> Values)
{
    [Id(2)] public int Number { get; init; } = 7;
}

public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Value, name, whether there is a record, whether there is a version.</summary>
    Task<(int Value, string Name, bool Exists, bool HasEtag)> Look();

    Task SetAndWrite(int value);

    Task SetOnly(int value);

    Task Reread();

    Task Clear();

    Task<bool> WriteCompletesAtOnce();

    Task<(int Versions, int Value)> WriteTwiceAtOnce();

    Task<string> ReadStateOnPool();

    Task<string> WriteOnPool();

    Task Deactivate();
}

/// <summary>Two states over one record, so that a write through one makes the other stale.</summary>
public interface IStaleGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    Task<int> Value();

    Task WriteStale();

    Task<bool> WriteStaleAndCatch();

    Task<bool> ClearStaleAndCatch();

    Task FailOtherwise();
}

/// <summary>A grain whose storage fails.</summary>
public interface IFailingGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    Task<string> WriteAndTell();

    Task Write();
}

public interface IConstructedGrain : IGrainWithStringKey
{
    Task<(bool IsNull, string? Name, bool IsDefaultArray, int Number, bool Exists)> Look();
}

[GrainType("claims.counter")]
internal sealed class CounterGrain([PersistentState("counter", "sos")] IPersistentState<Counter> state) : Grain, ICounterGrain
{
    public Task<(int Value, string Name, bool Exists, bool HasEtag)> Look() => Task.FromResult((state.State.Value, state.State.Name, state.RecordExists, state.Etag is not null));

    public Task SetAndWrite(int value)
    {
        state.State.Value = value;
        state.State.Name = "written";
        return state.WriteStateAsync();
    }

    public Task SetOnly(int value)
    {
        state.State.Value = value;
        return Task.CompletedTask;
    }

    public Task Reread() => state.ReadStateAsync();

    public Task Clear() => state.ClearStateAsync();

    public async Task<bool> WriteCompletesAtOnce()
    {
        var write = state.WriteStateAsync();
        var atOnce = write.IsCompleted;
        await write;
        return atOnce;
    }

    public async Task<(int Versions, int Value)> WriteTwiceAtOnce()
    {
        var versions = new HashSet<string?> { state.Etag };
        state.State.Value = 1;
        var first = Write();
        state.State.Value = 2;
        var second = Write();
        await Task.WhenAll(first, second);
        await state.ReadStateAsync();
        return (versions.Count, state.State.Value);

        async Task Write()
        {
            await state.WriteStateAsync();
            versions.Add(state.Etag);
        }
    }

    public async Task<string> ReadStateOnPool()
    {
        try
        {
            return "read " + await Task.Run(() => state.State.Name);
        }
        catch (InvalidOperationException)
        {
            return "refused";
        }
    }

    public async Task<string> WriteOnPool()
    {
        try
        {
            await Task.Run(() => state.WriteStateAsync());
            return "written";
        }
        catch (InvalidOperationException)
        {
            return "refused";
        }
    }

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

[GrainType("claims.stale")]
internal sealed class StaleGrain(
    [PersistentState("shared", "sos")] IPersistentState<Counter> state,
    [PersistentState("shared", "sos")] IPersistentState<Counter> other) : Grain, IStaleGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task<int> Value() => Task.FromResult(state.State.Value);

    public async Task WriteStale()
    {
        other.State.Value = 10;
        await other.WriteStateAsync();
        state.State.Value = 99;
        await state.WriteStateAsync();
    }

    public async Task<bool> WriteStaleAndCatch()
    {
        try
        {
            await WriteStale();
            return false;
        }
        catch (InconsistentStateException)
        {
            return true;
        }
    }

    public async Task<bool> ClearStaleAndCatch()
    {
        other.State.Value = 10;
        await other.WriteStateAsync();
        try
        {
            await state.ClearStateAsync();
            return false;
        }
        catch (InconsistentStateException)
        {
            return true;
        }
    }

    public Task FailOtherwise() => throw new InvalidOperationException("Not about a state.");
}

[GrainType("claims.failing")]
internal sealed class FailingGrain([PersistentState("counter", FailingStorage.Name)] IPersistentState<Counter> state) : Grain, IFailingGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    [ReadOnly] public Task<Guid> Activation() => Task.FromResult(_activation);

    public async Task<string> WriteAndTell()
    {
        try
        {
            await state.WriteStateAsync();
            return "written";
        }
        catch (OrleansException failure)
        {
            return $"{nameof(OrleansException)} caused by {failure.InnerException?.GetType().Name}";
        }
    }

    public Task Write() => state.WriteStateAsync();
}

[GrainType("claims.constructed")]
internal sealed class ConstructedGrain([PersistentState("constructed", "sos")] IPersistentState<Constructed> state) : Grain, IConstructedGrain
{
    public Task<(bool IsNull, string? Name, bool IsDefaultArray, int Number, bool Exists)> Look()
        => Task.FromResult((state.State is null, state.State?.Name, state.State?.Values.IsDefault ?? false, state.State?.Number ?? -1, state.RecordExists));
}
