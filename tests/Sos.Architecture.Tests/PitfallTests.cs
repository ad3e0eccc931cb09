using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Grains;

namespace Sos.Architecture.Tests;

/// <summary>What bites in a cluster and is seen in the text; and that docs/orleans.md answers all of it and names only tests that there are.</summary>
public sealed partial class PitfallTests
{
    private const string Document = "docs/orleans.md";
    private const string Writing = "src/Sos.Grains/State/RecordWriting.cs";
    private const int Pitfalls = 25;
    private static readonly string[] OneWayOfAlerts = ["Ping", "Retire", "Settle"];

    private static IEnumerable<string> Grains => Repository.Sources.Where(p => p.StartsWith("src/Sos.Grains/", StringComparison.Ordinal));

    [Fact]
    public void Observer_managers_go_by_the_clock_of_their_grain()
    {
        var managers = Grains.SelectMany(p => ManagerMade().Matches(Repository.Text(p)).Select(m => (Path: p, m.Value))).ToList();
        Assert.True(managers.Count >= 3, "The search found too little to mean anything.");
        Assert.All(managers, m => Assert.True(m.Value.Contains("GetDateTime", StringComparison.Ordinal), $"{m.Path}: {m.Value}"));
    }

    [Fact]
    public void Timers_of_alerts_keep_their_grain()
    {
        var timers = Grains.Where(p => p.StartsWith("src/Sos.Grains/Alerts/", StringComparison.Ordinal))
            .SelectMany(p => TimerMade().Matches(Repository.Text(p)).Select(m => (Path: p, m.Value))).ToList();
        Assert.True(timers.Count >= 3, "The search found too little to mean anything.");
        Assert.All(timers, t => Assert.True(t.Value.Contains("KeepAlive = true", StringComparison.Ordinal), $"{t.Path}: {t.Value}"));
    }

    [Fact]
    public void Subscriptions_to_streams_are_implicit()
    {
        var own = Repository.Sources.Where(p => p.StartsWith("src/", StringComparison.Ordinal) && !p.StartsWith("src/Sos.Embedded/", StringComparison.Ordinal))
            .Where(p => Repository.Text(p).Contains(".SubscribeAsync(", StringComparison.Ordinal)).ToList();
        Assert.True(own.Count == 0, string.Join("\n", own));
    }

    [Fact]
    public void No_command_to_an_alert_is_sent_without_an_answer()
    {
        var methods = typeof(IAlertGrain).GetMethods();
        Assert.Equal(OneWayOfAlerts, methods.Where(m => m.GetCustomAttribute<OneWayAttribute>() is not null).Select(m => m.Name).Order());
        Assert.All(methods.Where(m => m.GetCustomAttribute<OneWayAttribute>() is null && m.Name != nameof(IRemindable.ReceiveReminder)), m =>
            Assert.True(m.GetCustomAttribute<ResponseTimeoutAttribute>() is { Timeout: { TotalSeconds: > 0 and <= 5 } } || m.DeclaringType != typeof(IAlertGrain), $"{m.Name} has no deadline under that of its HTTP request"));
    }

    [Fact]
    public void Nothing_is_built_on_durable_jobs()
    {
        Assert.DoesNotContain(Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories), p => File.ReadAllText(p).Contains("DurableJobs", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_pitfall_is_answered_by_what_we_do_and_a_test_that_holds_it()
    {
        var rows = Row().Matches(Repository.Text(Document)).Select(m => (Number: int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), Answer: m.Groups[3].Value, Tests: m.Groups[4].Value)).ToList();
        Assert.Equal(Enumerable.Range(1, Pitfalls), rows.Select(row => row.Number));
        Assert.All(rows, row =>
        {
            Assert.True(row.Answer.Length > 20, $"Pitfall {row.Number} has no answer.");
            Assert.True(TestName().IsMatch(row.Tests), $"Pitfall {row.Number} names no test.");
        });
    }

    [Fact]
    public void Every_test_that_the_document_names_exists()
    {
        var there = Repository.Sources.Where(p => p.StartsWith("tests/", StringComparison.Ordinal)).Select(Repository.Text)
            .SelectMany(text => ClassOfTests().Matches(text).SelectMany(c => Test().Matches(text).Select(t => $"{c.Groups[1].Value}.{t.Groups[1].Value}"))).ToHashSet();
        var named = TestName().Matches(Repository.Text(Document)).Select(m => m.Groups[1].Value).ToList();
        Assert.True(named.Count > Pitfalls, "The search found too little to mean anything.");
        var missing = named.Where(name => !there.Contains(name)).ToList();
        Assert.True(missing.Count == 0, $"{Document} names tests that there are not:\n{string.Join("\n", missing)}");
    }

    [Fact]
    public void A_grain_whose_write_failed_is_put_away()
    {
        // A provider hands failures on to the grain that wrote.
        var own = Grains.Where(p => !Repository.Text(p).Contains(": IGrainStorage", StringComparison.Ordinal)).ToList();
        Assert.True(own.Count(p => Repository.Text(p).Contains("this.WriteOrLeave(", StringComparison.Ordinal)) >= 20, "The search found too little to mean anything.");
        Assert.Equal([Writing], own.Where(p => Repository.Text(p).Contains(".ClearStateAsync(", StringComparison.Ordinal)));
        Assert.All(own.Where(p => Write().IsMatch(Repository.Text(p))), p =>
        {
            var text = Repository.Text(p);
            Assert.True(Write().Count(text) == GuardedWrite().Count(text), $"{p}: a write whose failure is not caught");
            Assert.True(PutAway().IsMatch(text), $"{p}: does not deactivate after a failed write");
        });
    }

    [Fact]
    public void Nothing_waits_for_a_grain_to_be_told_that_it_leaves()
    {
        Assert.DoesNotContain(Grains, p => Repository.Text(p).Contains("OnDeactivateAsync", StringComparison.Ordinal));
    }

    [Fact]
    public void An_alert_is_one_record()
    {
        var alert = typeof(SosGrains).Assembly.GetTypes().Single(t => t.GetCustomAttribute<GrainTypeAttribute>() is not null && typeof(IAlertGrain).IsAssignableFrom(t));
        Assert.Single(alert.GetConstructors().Single().GetParameters(), p => p.GetCustomAttribute<PersistentStateAttribute>() is not null);
    }

    [Fact]
    public void No_test_sleeps()
    {
        var sleeping = Repository.Sources.Where(p => TestProject().IsMatch(p) && !p.StartsWith("tests/Sos.Architecture.Tests/", StringComparison.Ordinal))
            .SelectMany(p => Repository.Lines(p).Select((line, i) => (Path: p, Line: line, Number: i + 1)))
            .Where(l => Sleep().IsMatch(l.Line) && !OnGivenClock().IsMatch(l.Line)).Select(l => $"{l.Path}:{l.Number}: {l.Line.Trim()}").ToList();
        Assert.True(sleeping.Count == 0, string.Join("\n", sleeping));
    }

    [Fact]
    public void Files_of_the_Orleans_build_do_not_name_the_embedded_runtime()
    {
        var leaks = Repository.Sources
            .Where(p => p.StartsWith("tests/", StringComparison.Ordinal) && !p.EndsWith(".Embedded.cs", StringComparison.Ordinal) && !OnlyEmbedded().IsMatch(p))
            .Where(p => Repository.Lines(p).Any(l => l.StartsWith("using Sos.Embedded", StringComparison.Ordinal))).ToList();
        Assert.True(leaks.Count == 0, string.Join("\n", leaks));
    }

    [GeneratedRegex(@"(new ObserverManager<|ObserverManager<\w+> \w+ = new\()[^;]*;")]
    private static partial Regex ManagerMade();

    [GeneratedRegex(@"RegisterGrainTimer\([^;]*;")]
    private static partial Regex TimerMade();

    [GeneratedRegex(@"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+(?:Tests|Claims)\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"class (\w+(?:Tests|Claims))\b")]
    private static partial Regex ClassOfTests();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*\](?:\s*\[[^\n]*\])*\s*public (?:async )?(?:Task|ValueTask|void) (\w+)\(")]
    private static partial Regex Test();

    [GeneratedRegex(@"\.WriteStateAsync\(")]
    private static partial Regex Write();

    [GeneratedRegex(@"\.WriteStateAsync\(\);\s*(\}\s*)+catch\b")]
    private static partial Regex GuardedWrite();

    [GeneratedRegex(@"catch\s*\{[^}]*DeactivateOnIdle\(\);[^}]*throw;")]
    private static partial Regex PutAway();

    [GeneratedRegex(@"^tests/Sos\.(\w+\.Tests|Reliability)/")]
    private static partial Regex TestProject();

    [GeneratedRegex(@"Task\.Delay\(|Thread\.Sleep\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"Task\.Delay\(.*(\.TimeProvider|, time)\)")]
    private static partial Regex OnGivenClock();

    // What the project files leave out of the Orleans build.
    [GeneratedRegex(@"^tests/Sos\.Runtime\.Tests/(?!Claims/)|^tests/Sos\.(Reliability|Benchmarks)/Storage/|^tests/Sos\.Grains\.Tests/Simulation/")]
    private static partial Regex OnlyEmbedded();
}
