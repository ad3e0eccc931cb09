using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Sos.Server.Hosting.Logs;

/// <summary>How log lines look.</summary>
internal sealed class LineFormatterOptions : ConsoleFormatterOptions
{
    /// <summary>One JSON object a line; else a readable line.</summary>
    public bool Json { get; set; }
}

/// <summary>
/// Writes every event of the log as one line without what must be in no log (<see cref="LogScrubber"/>): whatever is in a text, it neither
/// begins a line of its own nor ends the object. Scopes are not written: those of HTTP hold paths.
/// </summary>
internal sealed class LineFormatter(IOptionsMonitor<LineFormatterOptions> options) : ConsoleFormatter(FormatterName)
{
    /// <summary>The formatter's name.</summary>
    public const string FormatterName = "sos";

    /// <summary>A duration keeps its meaning, a coordinate is a tenth of a degree.</summary>
    private const int Decimals = 1;

    private const string Template = "{OriginalFormat}";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = LogScrubber.Scrub(logEntry.Formatter?.Invoke(logEntry.State, logEntry.Exception) ?? "");
        var trouble = logEntry.Exception is { } exception ? LogScrubber.Scrub(exception.ToString()) : null;
        if (options.CurrentValue.Json) textWriter.Write(Object(logEntry.LogLevel, logEntry.Category, logEntry.EventId, message, trouble, logEntry.State as IEnumerable<KeyValuePair<string, object?>>));
        else textWriter.Write(OneLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {logEntry.LogLevel}: {logEntry.Category}[{logEntry.EventId.Id}] {message} {trouble}")));
        textWriter.Write('\n');
    }

    private static string Object(LogLevel level, string category, EventId id, string message, string? trouble, IEnumerable<KeyValuePair<string, object?>>? state)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("LogLevel", level.ToString());
            json.WriteString("Category", category);
            json.WriteNumber("EventId", id.Id);
            json.WriteString("Message", message);
            if (trouble is not null) json.WriteString("Exception", trouble);
            if (state is not null) WriteState(json, state);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteState(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> state)
    {
        json.WriteStartObject("State");
        var written = new HashSet<string>();
        foreach (var (name, value) in state)
        {
            if (!written.Add(name)) continue;
            if (name == Template) json.WriteString(name, value?.ToString());
            else if (value is bool flag) json.WriteBoolean(name, flag);
            else if (value is int or long or short or byte or uint) json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
            else if (value is double or float && double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture))) json.WriteNumber(name, Math.Round(Convert.ToDouble(value, CultureInfo.InvariantCulture), Decimals));
            else json.WriteString(name, LogScrubber.Scrub(Text(value)));
        }

        json.WriteEndObject();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        IEnumerable many => string.Join(", ", many.Cast<object?>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    // What a terminal or a reader of lines would take for the end of one, or for a command.
    private static string OneLine(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
    });
}
