using System.Text.RegularExpressions;

namespace Sos.Architecture.Tests;

/// <summary>Who may call a route is stated once, on its group, where it is seen and cannot be forgotten on the next one.</summary>
public sealed partial class PolicyTests
{
    [Fact]
    public void Policies_are_stated_on_groups_and_not_on_their_routes()
    {
        var grouped = Repository.Sources.Where(path => path.StartsWith("src/Sos.Server/", StringComparison.Ordinal) && Repository.Text(path).Contains("MapGroup(")).ToList();
        Assert.True(grouped.Count > 5, $"only {grouped.Count} files map groups");
        var single = grouped.SelectMany(path => Repository.Lines(path).Select((line, i) => (path, line, i)))
            .Where(l => OwnPolicy().IsMatch(l.line)).Select(l => $"{l.path}:{l.i + 1}: {l.line.Trim()}").ToList();
        Assert.True(single.Count == 0, string.Join("\n", single));
    }

    [GeneratedRegex(@"\.Map(Get|Post|Put|Patch|Delete)\(.*(RequireAuthorization|AllowAnonymous)\(")]
    private static partial Regex OwnPolicy();
}
