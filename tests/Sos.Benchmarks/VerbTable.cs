using System.Collections;

namespace Sos.Benchmarks;

/// <summary>What can be measured, by name.</summary>
internal sealed class VerbTable : IEnumerable<KeyValuePair<string, Verb>>
{
    private readonly SortedDictionary<string, Verb> _verbs = new(StringComparer.Ordinal);

    public Verb this[string name]
    {
        set => _verbs[name] = value;
    }

    /// <summary>Runs the verb in the first argument; without one prints the verbs and returns 1.</summary>
    public async Task<int> Run(string[] args)
    {
        if (args.Length > 0 && _verbs.TryGetValue(args[0], out var verb)) return await verb.Run(args[1..]);
        Console.WriteLine("dotnet run -c Release --project tests/Sos.Benchmarks -- <verb>");
        foreach (var (name, known) in _verbs) Console.WriteLine($"  {name,-12} {known.Summary}");
        return 1;
    }

    public IEnumerator<KeyValuePair<string, Verb>> GetEnumerator() => _verbs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Something that can be measured.</summary>
internal sealed record Verb(string Summary, Func<string[], Task<int>> Run);
