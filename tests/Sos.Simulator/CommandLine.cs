using System.Globalization;

namespace Sos.Simulator;

/// <summary>The command line cannot be understood; the message says what to write instead.</summary>
internal sealed class CommandLineException(string message) : Exception(message);

/// <summary>A verb and <c>--name value</c> pairs. Asking for a value marks its name as known; <see cref="Close"/> refuses the others.</summary>
internal sealed class CommandLine
{
    private readonly List<KeyValuePair<string, string>> _values = [];
    private readonly HashSet<string> _known = [];

    private CommandLine(string verb) => Verb = verb;

    public string Verb { get; }

    public static CommandLine Parse(string[] args)
    {
        var line = new CommandLine(args.FirstOrDefault() ?? "");
        for (var i = 1; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) throw new CommandLineException($"'{args[i]}' is not an option: options are written --name value.");
            if (i + 1 == args.Length) throw new CommandLineException($"{args[i]} needs a value.");
            line._values.Add(new(args[i][2..], args[i + 1]));
        }

        return line;
    }

    public IEnumerable<string> All(string name)
    {
        _known.Add(name);
        return _values.Where(pair => pair.Key == name).Select(pair => pair.Value);
    }

    public string? Text(string name) => All(name).LastOrDefault();

    public int Whole(string name, int standard) => (int)Number(name, standard, 0, int.MaxValue);

    public double Share(string name, double standard) => Number(name, standard, 0, 1);

    public double Number(string name, double standard, double least, double most)
    {
        if (Text(name) is not { } text) return standard;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        throw new CommandLineException(string.Create(CultureInfo.InvariantCulture, $"--{name} must be a number from {least} to {most}, not '{text}'."));
    }

    /// <summary>Refuses options that nobody has asked for.</summary>
    public void Close()
    {
        foreach (var pair in _values)
            if (!_known.Contains(pair.Key)) throw new CommandLineException($"There is no option --{pair.Key} for '{Verb}'.");
    }
}
