using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>
/// Takes messages in: reads them, decides what they mean, makes their zones and ends what they end. The new zones come before the old ones go. Broken off anywhere, the same message
/// again makes the rest, and the warning's own reminder ends what it was to end.
/// </summary>
public sealed class CapIntake(IGrainFactory grains, TimeProvider time, IOptions<CapOptions> options)
{
    /// <summary>How much of a message is read.</summary>
    public CapLimits Limits { get; } = new();

    /// <summary>Reads a message and decides what it means; nothing is done yet.</summary>
    /// <param name="message">The file.</param>
    /// <param name="origin">How it came.</param>
    public CapDecision Read(ReadOnlySpan<byte> message, string origin) => CapRules.Decide(CapReader.Read(message, Limits), origin, time.GetUtcNow(), options.Value);

    /// <summary>Does what a warning asks for.</summary>
    public async Task<CapTaken> Take(CapWarning warning)
    {
        var key = CapKeys.Of(warning.Name);
        var alert = grains.GetGrain<ICapAlertGrain>(key);
        var taken = await alert.Take(warning);
        if (taken == CapTaken.Full) return taken;
        var end = new CapEnd(warning.Type == CapMessageType.Cancel ? CapEndKind.Cancelled : CapEndKind.Replaced, key);
        foreach (var reference in warning.References) await grains.GetGrain<ICapAlertGrain>(CapKeys.Of(reference)).End(end);
        await alert.Complete();
        return taken;
    }
}
