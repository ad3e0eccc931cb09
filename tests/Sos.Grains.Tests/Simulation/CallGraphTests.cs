using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Orleans.Concurrency;
using Orleans.Hosting;

namespace Sos.Grains.Tests.Simulation;

/// <summary>The calls between grains are the ones of docs/call-graph.md, and those that are waited for form no cycle.</summary>
public sealed partial class CallGraphTests
{
    [Fact]
    public void Every_call_between_grains_is_listed()
    {
        var listed = Listed();
        var seen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var seed in new ulong[] { 1, 2, 3 })
        {
            CitySimulationTests.Run(seed, new CityPlan { Callers = 10 }, silo => silo.AddIncomingGrainCallFilter(async call =>
            {
                if (call.SourceId is { } source && call.InterfaceMethod.DeclaringType?.Namespace?.StartsWith("Sos.", StringComparison.Ordinal) == true)
                {
                    var waits = call.InterfaceMethod.IsDefined(typeof(OneWayAttribute), false) ? "one way" : "waits";
                    seen.TryAdd($"{source.Type} | {call.TargetId.Type} | {waits}", call.MethodName);
                }

                await call.Invoke();
            }));
        }

        Assert.True(seen.Count > 8, $"Only {seen.Count} edges were seen.");
        var unlisted = seen.Where(e => !listed.Contains(e.Key) && !listed.Contains(e.Key.Replace("one way", "waits"))).Select(e => $"{e.Key} | {e.Value}").ToList();
        Assert.True(unlisted.Count == 0, $"Not in docs/call-graph.md:\n{string.Join("\n", unlisted)}");
    }

    [Fact]
    public void What_is_waited_for_forms_no_cycle()
    {
        var edges = Listed().Select(e => e.Split(" | ")).Where(e => e[2] == "waits").ToLookup(e => e[0], e => e[1]);
        foreach (var start in edges.Select(e => e.Key)) Walk(start, [start]);

        void Walk(string at, List<string> path)
        {
            foreach (var next in edges[at])
            {
                Assert.False(path.Contains(next), $"A cycle: {string.Join(" → ", path)} → {next}");
                Walk(next, [.. path, next]);
            }
        }
    }

    private static HashSet<string> Listed([CallerFilePath] string here = "")
    {
        var folder = File.Exists(here) ? Path.GetDirectoryName(here)! : AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "docs", "call-graph.md"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("docs/call-graph.md was not found above the tests.");
        var rows = Row().Matches(File.ReadAllText(Path.Combine(folder, "docs", "call-graph.md")));
        return [.. rows.Select(r => $"{r.Groups[1].Value} | {r.Groups[2].Value} | {r.Groups[3].Value}")];
    }

    [GeneratedRegex(@"^\| (sos\.[\w.-]+) \| (sos\.[\w.-]+) \| (waits|one way) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
