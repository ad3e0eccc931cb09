namespace Sos.Embedded.Simulation;

/// <summary>A running hash (FNV-1a, 64 bits) of everything that a simulation decided. Two equal runs have equal hashes.</summary>
internal struct TraceHash()
{
    private const ulong Prime = 1099511628211;

    public ulong Value { get; private set; } = 14695981039346656037;

    public void Add(ulong number)
    {
        for (var i = 0; i < 8; i++)
        {
            Value = (Value ^ (number & 0xFF)) * Prime;
            number >>= 8;
        }
    }

    public void Add(string text)
    {
        foreach (var c in text)
            Value = (Value ^ c) * Prime;
        Value = (Value ^ 0xFFFF) * Prime;
    }
}
