using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sos.Server.Hosting.Logs;

namespace Sos.Server.Tests.Hosting.Logs;

/// <summary>What the console would be given, line by line.</summary>
internal sealed class LogProbe : ILoggerProvider
{
    private LineFormatter? _formatter;

    public ConcurrentQueue<string> Lines { get; } = [];

    public LogProbe With(LineFormatter formatter)
    {
        _formatter = formatter;
        return this;
    }

    public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Line(LogProbe probe, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var writer = new StringWriter();
            probe._formatter!.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), null, writer);
            probe.Lines.Enqueue(writer.ToString());
        }
    }
}
