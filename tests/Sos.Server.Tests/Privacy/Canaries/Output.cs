using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace Sos.Server.Tests.Privacy.Canaries;

/// <summary>Something that left the service.</summary>
/// <param name="To">Who got it; <c>nobody</c> for what is only written down.</param>
/// <param name="Channel">http, push, text, log, telemetry or disk.</param>
/// <param name="Phase">When in the life of the alert.</param>
/// <param name="What">For whoever looks for a leak.</param>
/// <param name="Content">All of it, headers included.</param>
internal sealed record Output(string To, string Channel, string Phase, string What, byte[] Content);

/// <summary>A canary that was found.</summary>
internal sealed record Sighting(string Canary, string To, string Channel, string Phase)
{
    public override string ToString() => $"{Canary},{To},{Channel},{Phase}";
}

/// <summary>Writes down everything that leaves the service.</summary>
internal sealed class OutputRecorder
{
    private readonly ConcurrentQueue<Output> _outputs = [];

    /// <summary>Where the life of the alert is.</summary>
    public string Phase { get; set; } = "before";

    public IReadOnlyCollection<Output> Outputs => _outputs;

    public void Add(string to, string channel, string what, string content) => Add(to, channel, what, Encoding.UTF8.GetBytes(content));

    public void Add(string to, string channel, string what, byte[] content) => _outputs.Enqueue(new Output(to, channel, Phase, what, content));

    /// <summary>Every canary in every output.</summary>
    public static IEnumerable<(Sighting Sighting, Output Output, CanaryForm Form)> Search(IReadOnlyCollection<Output> outputs, IReadOnlyCollection<Canary> canaries)
    {
        // One look for all of them at once; where nothing is, nothing more is looked for.
        var any = SearchValues.Create([.. canaries.SelectMany(canary => canary.Forms).Select(form => Encoding.Latin1.GetString(form.Bytes)).Distinct()], StringComparison.Ordinal);
        return outputs.AsParallel().Where(output => Encoding.Latin1.GetString(output.Content).AsSpan().ContainsAny(any)).SelectMany(output => canaries.SelectMany(canary => canary.Forms
            .Where(form => form.IsIn(output.Content)).Take(1).Select(form => (new Sighting(canary.Name, output.To, output.Channel, output.Phase), output, form))));
    }
}

/// <summary>
/// Who may get what, over which channel, and when: <c>allowed-sinks.csv</c>. Everything that is not in it is a leak, and a row that nothing needs is
/// a permission too many.
/// </summary>
internal sealed class AllowedSinks
{
    private const string Resource = "allowed-sinks.csv";

    private AllowedSinks(IReadOnlyList<Row> rows) => Rows = rows;

    public IReadOnlyList<Row> Rows { get; }

    public static AllowedSinks Read()
    {
        using var text = new StreamReader(typeof(AllowedSinks).Assembly.GetManifestResourceStream(Resource)!);
        var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new AllowedSinks([.. lines[1..].Select(line => line.Split(',', 5)).Select(cells => new Row(cells[0], cells[1], cells[2], cells[3].Split(' ')))]);
    }

    public bool Allows(Sighting sighting) => Rows.Any(row => row.Allows(sighting));

    /// <summary>A row: canary, reader (or <c>self</c>), channel, phases (or <c>always</c>).</summary>
    internal sealed record Row(string Canary, string To, string Channel, string[] Phases)
    {
        public bool Allows(Sighting sighting)
        {
            var (owner, kind) = (sighting.Canary.Split('.')[0], sighting.Canary.Split('.')[1]);
            return (Canary == sighting.Canary || Canary == "*." + kind)
                && (To == "self" ? sighting.To == owner : To == sighting.To)
                && Channel == sighting.Channel
                && (Phases is ["always"] || Phases.Contains(sighting.Phase));
        }

        public override string ToString() => $"{Canary},{To},{Channel},{string.Join(' ', Phases)}";
    }
}
