using Sos.Embedded.Storage;

namespace Sos.Embedded.State;

/// <summary>Which writes of grains go before all others: the ones that a person in danger waits for.</summary>
public sealed class RecordLaneOptions
{
    /// <summary>Grain types (as in <c>[GrainType]</c>) whose first write of a state and whose reminders go into the acceptance lane.</summary>
    public HashSet<string> AcceptanceGrainTypes { get; } = new(StringComparer.Ordinal);

    /// <summary>The lane of a state's write.</summary>
    internal WriteLane OfState(string grainType, bool exists) =>
        !exists && AcceptanceGrainTypes.Contains(grainType) ? WriteLane.Acceptance : WriteLane.Ordinary;

    /// <summary>The lane of a reminder's row.</summary>
    internal WriteLane OfReminder(string grainType) => AcceptanceGrainTypes.Contains(grainType) ? WriteLane.Acceptance : WriteLane.Ordinary;
}
