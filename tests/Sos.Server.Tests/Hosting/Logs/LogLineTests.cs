using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sos.Server.Hosting.Logs;

namespace Sos.Server.Tests.Hosting.Logs;

/// <summary>S-16: whatever a text holds, one event is one line and one JSON object.</summary>
public sealed class LogLineTests
{
    public static TheoryData<string> Attacks =>
    [
        "two\r\nlines", "{\"LogLevel\":\"Critical\"}", "end\"} {\"a\":\"b", "\u001b[2J\u001b[31mred", "nul \0 nul", "line\u2028separator\u2029", "${jndi:ldap://example.org/a}",
        "lone \ud800 surrogate", new string('x', 1024 * 1024), "\u202Ereversed", "%s%n%x", "</script><script>",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void S16_one_event_is_one_object_on_one_line(string attack)
    {
        var line = Written(json: true, attack);
        Assert.EndsWith("}\n", line, StringComparison.Ordinal);
        Assert.Single(line, '\n');
        Assert.DoesNotContain('\u2028', line);
        using var parsed = JsonDocument.Parse(line);
        Assert.Equal("Warning", parsed.RootElement.GetProperty("LogLevel").GetString());
        Assert.StartsWith("said: ", parsed.RootElement.GetProperty("Message").GetString(), StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", parsed.RootElement.GetProperty("Exception").GetString(), StringComparison.Ordinal);
        Assert.True(parsed.RootElement.GetProperty("State").TryGetProperty("what", out _));
    }

    [Fact]
    public void S16_numbers_stay_numbers_and_no_place_is_among_them()
    {
        using var parsed = JsonDocument.Parse(Written(json: true, "numbers"));
        var state = parsed.RootElement.GetProperty("State");
        Assert.Equal((3, 48.1), (state.GetProperty("count").GetInt32(), state.GetProperty("degrees").GetDouble()));
        Assert.Equal("NaN", state.GetProperty("none").GetString());
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void S16_a_readable_line_is_one_line_without_commands_for_a_terminal(string attack)
    {
        var line = Written(json: false, attack);
        Assert.Single(line, '\n');
        Assert.DoesNotContain(line[..^1], char.IsControl);
    }

    private static string Written(bool json, string what)
    {
        var writer = new StringWriter();
        var state = new List<KeyValuePair<string, object?>> { new("what", what), new("count", 3), new("degrees", 48.137154), new("none", double.NaN), new("{OriginalFormat}", "said: {what}") };
        var entry = new LogEntry<List<KeyValuePair<string, object?>>>(
            LogLevel.Warning, "test", new EventId(7), state, new InvalidOperationException(what), (_, _) => "said: " + what);
        new LineFormatter(new FixedOptions(new LineFormatterOptions { Json = json })).Write(entry, null, writer);
        return writer.ToString();
    }

    private sealed class FixedOptions(LineFormatterOptions options) : IOptionsMonitor<LineFormatterOptions>
    {
        public LineFormatterOptions CurrentValue => options;

        public LineFormatterOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<LineFormatterOptions, string?> listener) => null;
    }
}
