using System.Text.RegularExpressions;

namespace Sos.Architecture.Tests;

/// <summary>
/// docs/call-graph.md lists just the calls that the grains' code makes. Which of them wait for an answer, and that those form no cycle, is
/// shown by a city that runs: <c>CallGraphTests</c>.
/// </summary>
public sealed partial class CallGraphTextTests
{
    private const string Document = "docs/call-graph.md";

    private static readonly IReadOnlyList<(string Path, string Text)> Files =
        [.. Repository.Sources.Where(p => p.StartsWith("src/Sos.Grains/", StringComparison.Ordinal)).Select(p => (p, Repository.Text(p)))];

    [Fact]
    public void The_document_lists_the_calls_of_the_code_and_no_others()
    {
        var made = Made();
        Assert.True(made.Count >= 15, "The search found too little to mean anything.");
        var listed = Row().Matches(Repository.Text(Document)).Select(row => $"{row.Groups[1].Value} → {row.Groups[2].Value}").ToHashSet();
        var (unlisted, gone) = (made.Except(listed).Order().ToList(), listed.Except(made).Order().ToList());
        Assert.True(unlisted.Count == 0, $"Not in {Document}: {string.Join(", ", unlisted)}");
        Assert.True(gone.Count == 0, $"In {Document}, but in no grain: {string.Join(", ", gone)}");
    }

    private static HashSet<string> Made()
    {
        var grains = Files.SelectMany(f => GrainClass().Matches(f.Text)).ToDictionary(m => m.Groups[2].Value, m => m.Groups[1].Value);
        var behind = Files.SelectMany(f => Implements().Matches(f.Text)).Where(m => grains.ContainsKey(m.Groups[1].Value))
            .ToDictionary(m => m.Groups[2].Value, m => grains[m.Groups[1].Value]);
        var made = new HashSet<string>();
        foreach (var (path, text) in Files)
        {
            var targets = Call().Matches(text).Select(m => m.Groups[1].Value).Where(behind.ContainsKey).Select(i => behind[i]).ToList();
            if (targets.Count == 0) continue;
            var inside = NameOf(path);

            // What a service calls is called by the grains that it is given to.
            var callers = grains.TryGetValue(inside, out var own) ? [own] : GivenTo(inside, path, grains);
            made.UnionWith(callers.SelectMany(caller => targets.Select(target => $"{caller} → {target}")));
        }

        return made;
    }

    private static List<string> GivenTo(string service, string path, Dictionary<string, string> grains) =>
        [.. Files.Where(f => f.Path != path && Regex.IsMatch(f.Text, $@"\b{service}\b")).Select(f => NameOf(f.Path)).Where(grains.ContainsKey).Select(g => grains[g]).Distinct()];

    // A file has the name of its class, and a part of its own after a dot.
    private static string NameOf(string path) => Path.GetFileName(path).Split('.')[0];

    [GeneratedRegex(@"^\| (sos\.[\w.-]+) \| (sos\.[\w.-]+) \| (waits|interleaves|one way) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\[GrainType\(""([\w.-]+)""\)[^\]]*\]\s*internal sealed (?:partial )?class (\w+)")]
    private static partial Regex GrainClass();

    [GeneratedRegex(@"class (\w+Grain)\b[^{;]*?: Grain, (I\w+)", RegexOptions.Singleline)]
    private static partial Regex Implements();

    [GeneratedRegex(@"(?:GetGrain|AsReference)<(I\w+)>\(")]
    private static partial Regex Call();
}
