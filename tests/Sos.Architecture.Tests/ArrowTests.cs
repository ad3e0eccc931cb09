using System.Xml.Linq;

namespace Sos.Architecture.Tests;

/// <summary>Arrows run one way: Server → Grains → Contracts; Embedded knows no slice; Reports knows nobody.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sos.Embedded"] = [],
        ["Sos.Contracts"] = ["Sos.Embedded"],
        ["Sos.Grains"] = ["Sos.Contracts"],
        ["Sos.Reports"] = [],
        ["Sos.Portal"] = ["Sos.Contracts"],
        ["Sos.Server"] = ["Sos.Grains", "Sos.Contracts", "Sos.Portal", "Sos.Reports", "Sos.Embedded", "Sos.Azure"],
        ["Sos.Azure"] = ["Sos.Grains", "Sos.Contracts", "Sos.Reports"],
    };

    [Fact]
    public void Projects_reference_only_what_lies_behind_them()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var project = Path.GetFileNameWithoutExtension(file);
            var references = XDocument.Load(file).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is not known to the architecture");
            Assert.Empty(references.Except(allowed));
        }
    }

    [Fact]
    public void Nothing_of_the_product_depends_on_tests()
    {
        Assert.DoesNotContain(Repository.Sources.Where(p => p.StartsWith("src/", StringComparison.Ordinal)), p => Repository.Text(p).Contains("using Sos.TestKit"));
    }

    [Fact]
    public void Only_hosting_knows_the_runtime()
    {
        var leaks = Repository.Sources
            .Where(p => (p.StartsWith("src/Sos.Server/", StringComparison.Ordinal) && !p.StartsWith("src/Sos.Server/Hosting/", StringComparison.Ordinal))
                || p.StartsWith("src/Sos.Grains/", StringComparison.Ordinal) || p.StartsWith("src/Sos.Contracts/", StringComparison.Ordinal))
            .Where(p => Repository.Text(p).Contains("Sos.Embedded") || Repository.Text(p).Contains("UseOrleans")).ToList();
        Assert.True(leaks.Count == 0, string.Join("\n", leaks));
    }

    [Fact]
    public void Rules_know_no_actor_runtime()
    {
        var rules = Repository.Sources.Where(p => p.StartsWith("src/Sos.Grains/", StringComparison.Ordinal) && (p.EndsWith("Rules.cs", StringComparison.Ordinal) || p.EndsWith("Moves.cs", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(rules);
        Assert.All(rules, p => Assert.DoesNotMatch(@"^using Orleans(\.|;)", string.Join("\n", Repository.Lines(p).Where(l => l.StartsWith("using ", StringComparison.Ordinal)))));
    }
}
