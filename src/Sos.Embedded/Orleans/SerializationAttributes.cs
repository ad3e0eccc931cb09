namespace Orleans;

/// <summary>Marks a type that may cross a grain call. Here it decides what is copied; on Orleans it makes the generated codec.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute;

/// <summary>Numbers a serialized member. Numbers start at 0 in every type of an inheritance chain and are never given twice.</summary>
/// <param name="id">The number of the member.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method | AttributeTargets.Parameter)]
public sealed class IdAttribute(uint id) : Attribute
{
    /// <summary>The number of the member.</summary>
    public uint Id { get; } = id;
}

/// <summary>The name of a type, interface or method on the wire and in stores, so that the C# name may change.</summary>
/// <param name="alias">A literal name, unique in the application.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    /// <summary>The literal name.</summary>
    public string Alias { get; } = alias;
}

/// <summary>Promises that a value does not change once it has been passed to a call, so it is handed over without a copy.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.ReturnValue,
    Inherited = false)]
public sealed class ImmutableAttribute : Attribute;

/// <summary>How long a caller of this method waits for an answer, in place of the runtime's default.</summary>
/// <param name="timeout">A time span in the constant format, for example <c>"00:00:02"</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    /// <summary>The time a caller waits.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout, System.Globalization.CultureInfo.InvariantCulture);
}
