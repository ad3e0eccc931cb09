using System.Text.RegularExpressions;

namespace Sos.Architecture.Tests;

/// <summary>Slices have the same name in every project, files keep their budgets, names say what a thing is.</summary>
public sealed partial class LayoutTests
{
    private static readonly string[] Slices =
        ["Identity", "Users", "Alerts", "Responders", "Dispatch", "Geo", "Zones", "Trackers", "Relatives", "Messaging", "Assessments", "Reports", "Operations", "Analytics", "Audit", "Privacy"];

    private static readonly Dictionary<string, string[]> OtherFolders = new()
    {
        ["Sos.Contracts"] = [],
        ["Sos.Grains"] = ["State"],
        ["Sos.Server"] = ["Hosting", "Http", "Realtime", "Demo", "MadeUp", "Sandbox", "Properties", "wwwroot"],
    };

    [Theory]
    [InlineData("Sos.Contracts")]
    [InlineData("Sos.Grains")]
    [InlineData("Sos.Server")]
    public void Folders_are_slices(string project)
    {
        var strange = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", project)).Select(Path.GetFileName)
            .Except(Slices).Except(OtherFolders[project]).Except(["bin", "obj"]).ToList();
        Assert.True(strange.Count == 0, $"{project} has folders that are no slice: {string.Join(", ", strange)}");
    }

    [Fact]
    public void Files_keep_their_line_budgets()
    {
        var over = Repository.Sources.Select(path => (path, Lines: Repository.Lines(path).Length, Budget: Budget(path)))
            .Where(f => f.Lines > f.Budget).Select(f => $"{f.path}: {f.Lines} lines, budget {f.Budget}").ToList();
        Assert.True(over.Count == 0, string.Join("\n", over));
    }

    [Fact]
    public void Names_say_what_a_thing_is()
    {
        // Orleans' own names are Orleans' own.
        var vague = Repository.Sources.Where(path => !path.StartsWith("src/Sos.Embedded/Orleans/", StringComparison.Ordinal) && VagueName().IsMatch(Path.GetFileName(path))).ToList();
        Assert.True(vague.Count == 0, string.Join("\n", vague));
    }

    [Fact]
    public void Namespaces_are_folders()
    {
        var wrong = new List<string>();
        foreach (var path in Repository.Sources.Where(p => p.StartsWith("src/Sos.", StringComparison.Ordinal) && !p.StartsWith("src/Sos.Embedded/", StringComparison.Ordinal)))
        {
            var declared = NamespaceLine().Match(Repository.Text(path));
            var expected = Path.GetDirectoryName(path)!.Replace('\\', '/')["src/".Length..].Replace('/', '.');
            // One of two runtimes' hosting lies in a folder of its own and fills the same names.
            expected = expected.Replace(".Hosting.Embedded", ".Hosting").Replace(".Hosting.Orleans", ".Hosting");
            if (declared.Success && declared.Groups[1].Value != expected) wrong.Add($"{path}: {declared.Groups[1].Value}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Nothing_is_left_open_and_no_runtime_is_asked_for_by_the_compiler()
    {
        var open = Repository.Sources.Where(p => !p.StartsWith("tests/Sos.Architecture.Tests/", StringComparison.Ordinal))
            .SelectMany(path => Repository.Lines(path).Select((line, i) => (path, line, i)))
            .Where(l => LeftOpen().IsMatch(l.line)).Select(l => $"{l.path}:{l.i + 1}: {l.line.Trim()}").ToList();
        Assert.True(open.Count == 0, string.Join("\n", open));
    }

    [Fact]
    public void Grains_take_time_and_chance_from_outside()
    {
        var own = Repository.Sources.Where(p => p.StartsWith("src/Sos.Grains/", StringComparison.Ordinal))
            .SelectMany(path => Repository.Lines(path).Select((line, i) => (path, line, i)))
            .Where(l => OwnTime().IsMatch(l.line) && !l.line.TrimStart().StartsWith("//", StringComparison.Ordinal)).Select(l => $"{l.path}:{l.i + 1}: {l.line.Trim()}").ToList();
        Assert.True(own.Count == 0, string.Join("\n", own));
    }

    private static int Budget(string path)
    {
        if (!path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("src/Sos.Embedded/", StringComparison.Ordinal)) return 300;
        var file = Path.GetFileName(path);
        if (GrainInterface().IsMatch(file)) return 65;
        if (file.EndsWith("Rules.cs", StringComparison.Ordinal) || file.EndsWith("Endpoints.cs", StringComparison.Ordinal)) return 150;
        if (file.EndsWith("Grain.cs", StringComparison.Ordinal) || file.Contains("Grain.")) return 200;
        if (file == "Program.cs") return 60;
        return 300;
    }

    [GeneratedRegex(@"^I[A-Z]\w*Grain\.cs$")]
    private static partial Regex GrainInterface();

    [GeneratedRegex(@"(Helper|Helpers|Util|Utils|Utilities|Manager|Common|^Extensions|Misc)\.cs$")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|^\s*#if\b")]
    private static partial Regex LeftOpen();

    [GeneratedRegex(@"DateTime(Offset)?\.(UtcNow|Now)|Random\.Shared|Guid\.NewGuid|Task\.Run\(|ConfigureAwait\(false|Thread\.Sleep|\.Result\b(?!s)|\.GetAwaiter\(\)\.GetResult|Environment\.TickCount|Stopwatch")]
    private static partial Regex OwnTime();
}
