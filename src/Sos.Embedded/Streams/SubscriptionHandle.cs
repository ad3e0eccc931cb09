using Orleans.Runtime;
using Orleans.Streams;

namespace Sos.Embedded.Streams;

/// <summary>A subscription in the hands of its grain; used up by resuming or ending it.</summary>
internal sealed class SubscriptionHandle<T>(EmbeddedStreamProvider provider, StreamId streamId, Guid id) : StreamSubscriptionHandle<T>
{
    private bool _used;

    public override StreamId StreamId => streamId;

    public override string ProviderName => provider.Name;

    public override Guid HandleId => id;

    public override Task UnsubscribeAsync()
    {
        Use();
        EmbeddedStream<T>.Subscriber().GetComponent<StreamObservers>()?.Remove(id);
        provider.Unsubscribe(streamId, id);
        return Task.CompletedTask;
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        EmbeddedStream<T>.RefuseToken(token);
        Use();
        return Task.FromResult(new EmbeddedStream<T>(provider, streamId).Attach(EmbeddedStream<T>.Subscriber(), id, observer));
    }

    public override bool Equals(StreamSubscriptionHandle<T>? other) => other is SubscriptionHandle<T> handle && handle.HandleId == id;

    public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

    public override int GetHashCode() => id.GetHashCode();

    private void Use()
    {
        if (_used) throw new InvalidOperationException("The handle is no longer valid: it was used to resume or to unsubscribe.");
        _used = true;
    }
}
