using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims.Messages;

[GenerateSerializer, Alias("claims.mutable")]
public sealed class MutableMessage
{
    [Id(0)] public List<int> Numbers { get; set; } = [];
}

[GenerateSerializer, Immutable, Alias("claims.immutable")]
public sealed record ImmutableMessage([property: Id(0)] ImmutableArray<int> Numbers);

/// <summary>An exception of our own, as no grain of the product may throw across a call.</summary>
public sealed class NotAllowedException(string message) : Exception(message);

public interface IMessageGrain : IGrainWithStringKey
{
    Task KeepAndAdd(MutableMessage message);

    Task KeepAndAddList(List<int> numbers);

    Task<MutableMessage> Kept();

    Task KeepArray(int[] numbers);

    Task<int[]> KeptArray();

    Task<bool> IsTheKept(ImmutableMessage message);

    Task<ImmutableMessage> Keep(ImmutableMessage message);

    Task Refuse();

    Task RefuseSynchronously();

    ValueTask<int> Sum(int a, int b = 2, string? text = null, CancellationToken cancellation = default);

    [OneWay] Task FailUnseen(string key);

    [OneWay] Task WaitUnseen(string gate);

    Task<string> CallWithThis(IMessageGrain other);

    Task<string> CallWithReference(IMessageGrain other);

    Task<string> NameOf(IMessageGrain other);

    Task Remember(string key, string value);

    Task<string?> Context(string key);

    Task<string?> ContextThrough(IMessageGrain other, string key);

    Task<string?> SetContextAndReturn(string key, string value);
}

[GrainType("claims.message")]
internal sealed class MessageGrain(Stage stage) : Grain, IMessageGrain
{
    private MutableMessage _kept = new();
    private int[] _array = [];
    private ImmutableMessage? _immutable;

    public Task KeepAndAdd(MutableMessage message)
    {
        _kept = message;
        message.Numbers.Add(100);
        return Task.CompletedTask;
    }

    public Task KeepAndAddList(List<int> numbers) => KeepAndAdd(new MutableMessage { Numbers = numbers });

    public Task<MutableMessage> Kept() => Task.FromResult(_kept);

    public Task KeepArray(int[] numbers)
    {
        _array = numbers;
        return Task.CompletedTask;
    }

    public Task<int[]> KeptArray() => Task.FromResult(_array);

    public Task<bool> IsTheKept(ImmutableMessage message) => Task.FromResult(ReferenceEquals(message, _immutable));

    public Task<ImmutableMessage> Keep(ImmutableMessage message) => Task.FromResult(_immutable = message);

    public async Task Refuse()
    {
        await Task.Yield();
        throw new NotAllowedException("no");
    }

    public Task RefuseSynchronously() => throw new NotAllowedException("no");

    public ValueTask<int> Sum(int a, int b = 2, string? text = null, CancellationToken cancellation = default) => ValueTask.FromResult(a + b + (text?.Length ?? 0));

    public Task FailUnseen(string key)
    {
        stage.Note(key, "failing");
        throw new NotAllowedException("no");
    }

    public Task WaitUnseen(string gate) => stage.Pass(gate);

    public Task<string> CallWithThis(IMessageGrain other) => other.NameOf(this);

    public Task<string> CallWithReference(IMessageGrain other) => other.NameOf(this.AsReference<IMessageGrain>());

    public Task<string> NameOf(IMessageGrain other) => Task.FromResult((other is GrainReference ? "reference to " : "object ") + other.GetPrimaryKeyString());

    public Task Remember(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public Task<string?> Context(string key) => Task.FromResult(RequestContext.Get(key) as string);

    public async Task<string?> ContextThrough(IMessageGrain other, string key)
    {
        await Task.Yield();
        return await other.Context(key);
    }

    public Task<string?> SetContextAndReturn(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.FromResult(RequestContext.Get(key) as string);
    }
}
