namespace Sos.Simulator.City;

/// <summary>What to replay, on which server, with what people. Defaults and meaning: Program.cs.</summary>
internal sealed record CallsOptions(
    string File,
    string? Outline,
    double MarginKilometres,
    int Calls,
    double Speed,
    int Responders,
    double Accept,
    double Decline,
    double ByHand,
    double Repeat,
    double Cancel,
    TimeSpan Drain,
    int Seed,
    ServerChoice Server)
{
    public static CallsOptions From(CommandLine line)
    {
        var file = line.Text("file") ?? Path.Combine(AppContext.BaseDirectory, "sample-calls.csv");
        if (!System.IO.File.Exists(file)) throw new CommandLineException($"There is no file {file}.");
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "county_outline.geojson");
        var options = new CallsOptions(
            file,
            line.Text("outline") ?? (System.IO.File.Exists(beside) ? beside : null),
            line.Number("margin", 5, 0, 1000),
            line.Whole("calls", 5000),
            line.Number("speed", 60, 1, 1e6),
            line.Whole("responders", 300),
            line.Share("accept", 0.6),
            line.Share("decline", 0.2),
            line.Share("by-hand", 0.05),
            line.Share("repeat", 0.1),
            line.Share("cancel", 0.02),
            TimeSpan.FromSeconds(line.Number("drain", 120, 0, 86_400)),
            line.Whole("seed", Random.Shared.Next(1, 1_000_000)),
            ServerChoice.From(line));
        line.Close();
        if (options.Accept + options.Decline > 1) throw new CommandLineException("--accept and --decline together are more than 1.");
        return options;
    }
}
