using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Orleans;
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
                    seen.TryAdd($"{source.Type} | {call.TargetId.Type} | {KindOf(call.InterfaceMethod)}", call.MethodName);
                }

                await call.Invoke();
            }));
        }

        Assert.True(seen.Count > 8, $"Only {seen.Count} edges were seen.");
        var unlisted = seen.Where(e => !listed.Contains(e.Key) && !listed.Contains(Waits(e.Key))).Select(e => $"{e.Key} | {e.Value}").ToList();
        Assert.True(unlisted.Count == 0, $"Not in docs/call-graph.md:\n{string.Join("\n", unlisted)}");
    }

    /// <summary>An edge that is listed as interleaving would be one of a deadlock if one of its methods were not.</summary>
    [Fact]
    public void What_is_listed_as_interleaving_is()
    {
        var rows = Rows().Where(row => row.Groups[3].Value == "interleaves").ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var grain = typeof(SosGrains).Assembly.GetTypes().Single(type => TypeNameOf(type) == row.Groups[2].Value);
            var names = Name().Matches(row.Groups[4].Value).Select(name => name.Value).ToList();
            Assert.NotEmpty(names);
            foreach (var name in names)
            {
                var methods = grain.GetInterfaces().Where(i => typeof(IGrain).IsAssignableFrom(i)).SelectMany(i => i.GetMethods()).Where(method => method.Name == name).ToList();
                Assert.NotEmpty(methods);
                Assert.All(methods, method => Assert.True(method.IsDefined(typeof(AlwaysInterleaveAttribute), false), $"{row.Value}: {name} does not interleave"));
            }
        }
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

    private static string? TypeNameOf(Type type) => type.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType == typeof(GrainTypeAttribute))?.ConstructorArguments[0].Value as string;

    private static string KindOf(MethodInfo method) =>
        method.IsDefined(typeof(OneWayAttribute), false) ? "one way" : method.IsDefined(typeof(AlwaysInterleaveAttribute), false) ? "interleaves" : "waits";

    private static string Waits(string edge) => edge.Replace("one way", "waits").Replace("interleaves", "waits");

    private static HashSet<string> Listed() => [.. Rows().Select(r => $"{r.Groups[1].Value} | {r.Groups[2].Value} | {r.Groups[3].Value}")];

    private static MatchCollection Rows([CallerFilePath] string here = "")
    {
        var folder = File.Exists(here) ? Path.GetDirectoryName(here)! : AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "docs", "call-graph.md"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("docs/call-graph.md was not found above the tests.");
        return Row().Matches(File.ReadAllText(Path.Combine(folder, "docs", "call-graph.md")));
    }

    [GeneratedRegex(@"^\| (sos\.[\w.-]+) \| (sos\.[\w.-]+) \| (waits|interleaves|one way) \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Name();
}
