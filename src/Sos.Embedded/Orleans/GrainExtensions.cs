using Orleans.Runtime;

namespace Orleans;

/// <summary>Ids, keys and references of grains and grain references.</summary>
public static class GrainExtensions
{
    /// <summary>A reference to this grain, which can be passed to others.</summary>
    /// <typeparam name="TGrainInterface">The interface of the reference.</typeparam>
    /// <param name="grain">A grain or a reference.</param>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) => (TGrainInterface)grain.AsReference(typeof(TGrainInterface));

    /// <summary>A reference to the same grain with another interface.</summary>
    /// <typeparam name="TGrainInterface">The interface of the reference.</typeparam>
    /// <param name="grain">A grain or a reference.</param>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    /// <summary>A reference to this grain, which can be passed to others.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <param name="interfaceType">The interface of the reference.</param>
    public static object AsReference(this IAddressable grain, Type interfaceType)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentNullException.ThrowIfNull(interfaceType);
        var reference = ReferenceOf(grain);
        return interfaceType.IsInstanceOfType(reference) ? reference : reference.Silo.MakeReference(interfaceType, reference.GrainId);
    }

    /// <summary>A reference to the same grain with another interface.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <param name="interfaceType">The interface of the reference.</param>
    public static object Cast(this IAddressable grain, Type interfaceType) => grain.AsReference(interfaceType);

    /// <summary>The id of the grain.</summary>
    /// <param name="grain">A grain or a reference.</param>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return ReferenceOf(grain).GrainId;
    }

    /// <summary>The key of a grain whose key is a GUID.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <exception cref="InvalidOperationException">The key is not a GUID.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain)
    {
        var id = grain.GetGrainId();
        return Guid.TryParseExact(id.Key.ToString(), "N", out var key) ? key : throw new InvalidOperationException($"The key of {id} is not a GUID.");
    }

    /// <summary>The key of a grain whose key is a GUID, with its extension, which the embedded runtime never has.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <param name="keyExt">Null.</param>
    /// <exception cref="InvalidOperationException">The key is not a GUID.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain, out string? keyExt)
    {
        keyExt = null;
        return grain.GetPrimaryKey();
    }

    /// <summary>The key of a grain whose key is a string.</summary>
    /// <param name="grain">A grain or a reference.</param>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    private static GrainReference ReferenceOf(IAddressable grain) => grain switch
    {
        GrainReference reference => reference,
        IGrainBase activated => activated.GrainContext.GrainReference,
        _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference. Make one with CreateObjectReference.", nameof(grain)),
    };
}
