using Orleans;

namespace Sos.Contracts.Relatives;

/// <summary>
/// By what a person has said herself, nobody is shown where she is any more: as her own devices are told it, and nobody else's. Who is kept apart from her, and whether anybody looks, is not in it.
/// </summary>
/// <param name="Sharing">How her master switch stands: off, or on with nobody left to whom she shows herself.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.sharing-end")]
public sealed record SharingEnd([property: Id(0)] bool Sharing, [property: Id(1)] DateTimeOffset At);
