namespace Sos.Simulator.Load;

/// <summary>What to measure. Defaults and meaning: Program.cs.</summary>
internal sealed record LoadOptions(
    int Callers, int Responders, int Workers, TimeSpan Duration, double Rate, IReadOnlySet<string> Only, int Seed, ServerChoice Server)
{
    public static LoadOptions From(CommandLine line)
    {
        var options = new LoadOptions(
            line.Whole("callers", 2000),
            line.Whole("responders", 0),
            line.Whole("workers", 64),
            TimeSpan.FromSeconds(line.Number("seconds", 30, 1, 86_400)),
            line.Number("rate", 200, 1, 100_000),
            (line.Text("only") ?? "fixed,saturated,mixed,lives").Split(',').ToHashSet(),
            line.Whole("seed", 1),
            ServerChoice.From(line));
        line.Close();
        return options;
    }
}
