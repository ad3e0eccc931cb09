using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Runtime;

namespace Sos.Embedded.Streams;

/// <summary>Who is subscribed to which stream of one provider. Not safe for several threads.</summary>
/// <remarks>
/// An implicit subscription follows from an attribute of the grain class; its object exists only while events wait for it.
/// Explicit ones live in memory and die with the process, like the events.
/// </remarks>
internal sealed class SubscriptionTable(string provider, IReadOnlyList<GrainClass> classes)
{
    private readonly Dictionary<string, GrainType[]> _implicit = ByNamespace(classes);
    private readonly Dictionary<(StreamId Stream, GrainType Type), Subscription> _busy = [];
    private readonly Dictionary<StreamId, List<Subscription>> _explicit = [];
    private long _created;

    /// <summary>All subscriptions of a stream, in an order that does not change.</summary>
    public List<Subscription> Of(StreamId stream)
    {
        var all = new List<Subscription>();
        foreach (var type in ImplicitTypes(stream))
        {
            if (!_busy.TryGetValue((stream, type), out var subscription))
                _busy[(stream, type)] = subscription = new Subscription(ImplicitId(stream, type), stream, ConsumerOf(stream, type), isImplicit: true);
            all.Add(subscription);
        }

        if (_explicit.TryGetValue(stream, out var subscribed)) all.AddRange(subscribed);
        return all;
    }

    /// <summary>The ids under which a grain is subscribed to a stream.</summary>
    public List<Guid> IdsOf(StreamId stream, GrainId consumer)
    {
        var ids = ImplicitTypes(stream).Where(type => ConsumerOf(stream, type) == consumer).Select(type => ImplicitId(stream, type)).ToList();
        if (_explicit.TryGetValue(stream, out var subscribed)) ids.AddRange(subscribed.Where(one => one.Consumer == consumer).Select(one => one.Id));
        return ids;
    }

    /// <summary>Subscribes a grain. One that is subscribed implicitly gets that same subscription, not a second one.</summary>
    public Guid Add(StreamId stream, GrainId consumer)
    {
        foreach (var type in ImplicitTypes(stream))
        {
            if (ConsumerOf(stream, type) == consumer) return ImplicitId(stream, type);
        }

        var subscription = new Subscription(IdOf($"{stream}|{consumer}|{++_created}"), stream, consumer, isImplicit: false);
        if (!_explicit.TryGetValue(stream, out var subscribed)) _explicit[stream] = subscribed = [];
        subscribed.Add(subscription);
        return subscription.Id;
    }

    /// <summary>Ends an explicit subscription; an implicit one cannot be ended.</summary>
    public void Remove(StreamId stream, Guid id)
    {
        if (!_explicit.TryGetValue(stream, out var subscribed)) return;
        foreach (var ended in subscribed.Where(one => one.Id == id)) ended.IsEnded = true;
        subscribed.RemoveAll(one => one.IsEnded);
        if (subscribed.Count == 0) _explicit.Remove(stream);
    }

    /// <summary>Nothing waits for a subscription any more.</summary>
    public void Idle(Subscription subscription)
    {
        if (subscription.IsImplicit) _busy.Remove((subscription.Stream, subscription.Consumer.Type));
    }

    private static Dictionary<string, GrainType[]> ByNamespace(IReadOnlyList<GrainClass> classes)
    {
        var found = from grain in classes
                    from attribute in grain.Class.GetCustomAttributes<ImplicitStreamSubscriptionAttribute>(inherit: true)
                    group grain.Type by attribute.StreamNamespace;
        return found.ToDictionary(group => group.Key, group => group.Distinct().ToArray(), StringComparer.Ordinal);
    }

    // The consumer's key is the stream's key.
    private static GrainId ConsumerOf(StreamId stream, GrainType type) => new(type, IdSpan.Create(stream.GetKeyAsString()));

    private GrainType[] ImplicitTypes(StreamId stream)
        => stream.GetNamespace() is { } name && _implicit.TryGetValue(name, out var types) ? types : [];

    private Guid ImplicitId(StreamId stream, GrainType type) => IdOf($"{stream}|{type}");

    // The same in every process and in every replay of a simulation.
    private Guid IdOf(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{provider}|{text}")).AsSpan(0, 16));
}
