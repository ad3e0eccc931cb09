using Sos.Contracts.Users;

namespace Sos.Grains.Users;

/// <summary>Whom a person has blocked, and what has still to follow from it.</summary>
internal static class BlockRules
{
    /// <summary>Blocks of a person.</summary>
    public const int MostBlocks = 200;

    /// <summary>
    /// Adds a block. The same number, person or alert again is answered with the block that stands; the same person known in two ways is two
    /// blocks, or the answer would say whose number it is.
    /// </summary>
    public static (BlockRefusal Refusal, BlockEntry? Entry, bool Changed) Add(BlocksState state, BlockDraft draft, Guid self, Guid id, DateTimeOffset now)
    {
        if (draft.Person == self) return (BlockRefusal.Oneself, null, false);
        if (state.Blocks.Find(b => IsSame(b, draft)) is { } known) return (BlockRefusal.None, known, false);
        if (state.Blocks.Count >= MostBlocks) return (BlockRefusal.TooMany, null, false);
        var entry = new BlockEntry
        {
            Id = id,
            Person = draft.Person ?? Guid.Empty,
            Phone = draft.Phone,
            AddressKey = draft.AddressKey,
            AlertId = draft.AlertId,
            Name = draft.Name,
            At = now,
        };
        state.Blocks.Add(entry);
        Unsettle(state, entry);
        return (BlockRefusal.None, entry, true);
    }

    /// <summary>Lifts a block; false when there is none.</summary>
    public static bool Remove(BlocksState state, Guid block)
    {
        if (state.Blocks.Find(b => b.Id == block) is not { } entry) return false;
        state.Blocks.Remove(entry);
        Unsettle(state, entry);
        return true;
    }

    /// <summary>Whose number it is has become known.</summary>
    public static void Resolve(BlocksState state, BlockEntry entry, Guid person)
    {
        entry.Person = person;
        Unsettle(state, entry);
    }

    /// <summary>Whether a person is blocked, by whatever was known of her.</summary>
    public static bool IsBlocked(BlocksState state, Guid person) => state.Blocks.Exists(b => b.Person == person);

    /// <summary>The block as the one who made it sees it.</summary>
    public static Block View(this BlockEntry entry) =>
        new(entry.Id, entry is { Phone: null, AlertId: null } ? entry.Person : null, entry.Phone, entry.AlertId, entry.Name, entry.At);

    private static void Unsettle(BlocksState state, BlockEntry entry)
    {
        if (!entry.IsOpen && !state.Unsettled.Contains(entry.Person)) state.Unsettled.Add(entry.Person);
    }

    private static bool IsSame(BlockEntry entry, BlockDraft draft) => draft switch
    {
        { Phone: { } phone } => entry.Phone == phone,
        { AlertId: { } alert } => entry.AlertId == alert && entry.Person == draft.Person,
        _ => entry is { Phone: null, AlertId: null } && entry.Person == draft.Person,
    };
}
