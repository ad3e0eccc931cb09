using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Zones.Cap;

/// <summary>What a warning is about (<c>category</c> of CAP 1.2).</summary>
public enum CapCategory
{
    /// <summary>General emergency and public safety.</summary>
    Safety,

    /// <summary>Geophysical, landslides too.</summary>
    Geo,

    /// <summary>Weather, floods too.</summary>
    Met,

    /// <summary>Law enforcement, military, local and private security.</summary>
    Security,

    /// <summary>Rescue and recovery.</summary>
    Rescue,

    /// <summary>Fire suppression and rescue.</summary>
    Fire,

    /// <summary>Medical and public health.</summary>
    Health,

    /// <summary>Pollution and other environmental.</summary>
    Env,

    /// <summary>Public and private transportation.</summary>
    Transport,

    /// <summary>Utility, telecommunication, other infrastructure.</summary>
    Infra,

    /// <summary>Chemical, biological, radiological, nuclear, high-yield explosive.</summary>
    CBRNE,

    /// <summary>Other.</summary>
    Other,
}

/// <summary>How staff wants a zone published.</summary>
/// <param name="Category">What it is about.</param>
/// <param name="IsExercise">It is a drill: <c>status</c> is Exercise.</param>
/// <param name="Instruction">What people are to do, 1 to 500 characters; null: nothing is said.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.mark")]
public sealed record CapMark([property: Id(0)] CapCategory Category, [property: Id(1)] bool IsExercise, [property: Id(2)] string? Instruction);

/// <summary>The newest message about a zone.</summary>
/// <param name="Mark">How it is published.</param>
/// <param name="Name">What names the message.</param>
/// <param name="Type">Alert, Update or Cancel.</param>
/// <param name="References">The messages before it, oldest first, at most the newest 20.</param>
/// <param name="ZoneVersion">The version of the zone that it tells of.</param>
/// <param name="Title">The zone's name.</param>
/// <param name="Expires">When it is over; null after a cancellation.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.publication")]
public sealed record CapPublication(
    [property: Id(0)] CapMark Mark,
    [property: Id(1)] CapReference Name,
    [property: Id(2)] CapMessageType Type,
    [property: Id(3)] ImmutableArray<CapReference> References,
    [property: Id(4)] long ZoneVersion,
    [property: Id(5)] string Title,
    [property: Id(6)] DateTimeOffset? Expires);
