using Orleans;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime.References;

/// <summary>Makes references.</summary>
internal class GrainFactory(Silo silo) : IGrainFactory
{
    private const string NoSuchKeys = "The embedded runtime has string and GUID keys only.";

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithGuidKey
        => (TGrainInterface)(object)Make(typeof(TGrainInterface), primaryKey.ToString("N"), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithStringKey
        => (TGrainInterface)(object)Make(typeof(TGrainInterface), primaryKey, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable
        => (TGrainInterface)(object)ReferenceTypes.Make(typeof(TGrainInterface), silo, grainId);

    public IAddressable GetGrain(GrainId grainId) => new GrainReference(silo, grainId);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => (IGrain)(object)Make(grainInterfaceType, grainPrimaryKey.ToString("N"), null);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => (IGrain)(object)Make(grainInterfaceType, grainPrimaryKey, null);

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException(NoSuchKeys);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException(NoSuchKeys);

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException(NoSuchKeys);

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => Make(interfaceType, grainKey.ToString(), null);

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => Make(interfaceType, grainKey.ToString(), grainClassNamePrefix);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is not TGrainObserverInterface) throw new ArgumentException($"{obj.GetType()} does not implement {typeof(TGrainObserverInterface)}.", nameof(obj));

        return (TGrainObserverInterface)(object)ReferenceTypes.Make(typeof(TGrainObserverInterface), silo, silo.Observers.Add(obj));
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is not GrainReference reference) throw new ArgumentException("It is not a reference that CreateObjectReference made.", nameof(obj));

        silo.Observers.Remove(reference.GrainId);
    }

    private GrainReference Make(Type interfaceType, string key, string? classNamePrefix)
    {
        ArgumentNullException.ThrowIfNull(interfaceType);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return ReferenceTypes.Make(interfaceType, silo, GrainId.Create(silo.Classes.Implementing(interfaceType, classNamePrefix), key));
    }
}

/// <summary>The way into the grains for code outside. On Orleans it is another object than the factory that grains get, so it is one here.</summary>
internal sealed class ClusterClient(Silo silo) : GrainFactory(silo), IClusterClient
{
    public IServiceProvider ServiceProvider { get; } = silo.Services;
}
