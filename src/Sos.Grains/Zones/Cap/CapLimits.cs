namespace Sos.Grains.Zones.Cap;

/// <summary>How much of a message is read; what is longer is no warning that anybody sends.</summary>
public sealed record CapLimits
{
    /// <summary>Most bytes. Default 1 MiB: messages bring their pictures with them.</summary>
    public int LongestMessage { get; init; } = 1 << 20;

    /// <summary>Deepest element. Default 16; CAP has 5, a signature 9.</summary>
    public int Deepest { get; init; } = 16;

    /// <summary>Most elements. Default 20,000.</summary>
    public int MostElements { get; init; } = 20_000;

    /// <summary>Most attributes of an element; CAP has none but namespaces. Default 16.</summary>
    public int MostAttributes { get; init; } = 16;

    /// <summary>Longest attribute, in characters. Default 2,048.</summary>
    public int LongestAttribute { get; init; } = 2_048;

    /// <summary>Most points of all polygons. Default 50,000.</summary>
    public int MostPoints { get; init; } = 50_000;

    /// <summary>Most polygons and circles. Default 200.</summary>
    public int MostShapes { get; init; } = 200;

    /// <summary>Most messages that one refers to. Default 100.</summary>
    public int MostReferences { get; init; } = 100;

    /// <summary>Most things that are told of a message. Default 50.</summary>
    public int MostFaults { get; init; } = 50;
}
