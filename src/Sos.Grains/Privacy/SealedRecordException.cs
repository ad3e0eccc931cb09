using Orleans.Runtime;

namespace Sos.Grains.Privacy;

/// <summary>A stored record does not open: it was changed, belongs to another grain, or its key-encryption key is missing. It is never served.</summary>
/// <param name="stateName">Name of the state.</param>
/// <param name="grainType">Type of the grain; its key may be personal and is left out.</param>
/// <param name="reason">What else is known.</param>
internal sealed class SealedRecordException(string stateName, GrainType grainType, string reason = "it was changed, is another grain's, or the key that wraps its key is missing from the folder 'keys'")
    : Exception($"The state {stateName} of a grain {grainType} cannot be opened: {reason}.");
