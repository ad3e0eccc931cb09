using System.Collections.Concurrent;
using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime.Observers;

/// <summary>The observers that were made callable in this process.</summary>
internal sealed class ObserverDirectory(Silo silo, string incarnation, bool hold)
{
    // Not a name that a grain class could have: those are written with a dot only where they are given.
    private static readonly GrainType ObserverType = GrainType.Create("sys.observer");

    private readonly ConcurrentDictionary<GrainId, ObserverTarget> _observers = new();
    private long _last;

    public static bool IsObserver(GrainId id) => id.Type == ObserverType;

    public GrainId Add(IGrainObserver observer)
    {
        if (observer is GrainReference) throw new ArgumentException("It is a reference already.", nameof(observer));
        if (observer is IGrainBase) throw new ArgumentException("A grain is not made an observer; pass this.AsReference<T>().", nameof(observer));

        var number = Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        var id = GrainId.Create(ObserverType, $"{incarnation}.{number}");
        _observers[id] = new ObserverTarget(silo, id, observer, hold);
        return id;
    }

    public void Remove(GrainId id)
    {
        if (_observers.TryRemove(id, out var observer)) observer.Close();
    }

    /// <summary>The observer, or one in its place that never answers.</summary>
    public ObserverTarget Locate(GrainId id) => _observers.TryGetValue(id, out var observer) ? observer : new ObserverTarget(silo, id, null, hold: false);

    /// <summary>Forgets the observers that were collected.</summary>
    public void RemoveCollected()
    {
        foreach (var (id, observer) in _observers)
        {
            if (observer.GrainInstance is null) _observers.TryRemove(id, out _);
        }
    }
}
