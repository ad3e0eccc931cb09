using Sos.Contracts.Geo;

namespace Sos.Grains.Geo;

/// <summary>What a slot must be besides near: not expired and, where asked for, free.</summary>
internal readonly struct SlotFilter(CellEntry?[] entries, DateTimeOffset now, bool freeOnly)
{
    /// <summary>Whether the slot may be found.</summary>
    public bool Passes(int slot) => entries[slot] is { } entry && entry.Expires > now && (!freeOnly || entry.Traits is { FreeCapacity: > 0 });
}
