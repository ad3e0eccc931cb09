using Microsoft.Extensions.Options;
using Sos.Contracts.Messaging;

namespace Sos.Grains.Messaging;

/// <summary>The gateway of Development: the newest messages, in memory. A message whose key was used within a day is taken once.</summary>
public sealed class DevelopmentOutbox(TimeProvider time, IOptions<MessagingOptions> options) : ISmsGateway
{
    private static readonly TimeSpan KeyLife = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Queue<OutboxMessage> _messages = [];
    private readonly Dictionary<string, DateTimeOffset> _keys = new(StringComparer.Ordinal);
    private readonly Queue<string> _keysByAge = [];
    private long _count;

    /// <inheritdoc/>
    public Task<bool> Send(TextMessage message, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            Forget(now);
            if (!_keys.TryAdd(message.IdempotencyKey, now)) return Task.FromResult(true);
            _keysByAge.Enqueue(message.IdempotencyKey);
            _messages.Enqueue(new OutboxMessage(++_count, now, message.To, message.Body));
            if (_messages.Count > options.Value.OutboxSize) _messages.Dequeue();
        }

        return Task.FromResult(true);
    }

    /// <summary>The messages, newest first; to one address where one is given.</summary>
    public IReadOnlyList<OutboxMessage> Read(string? to)
    {
        lock (_lock) return [.. _messages.Where(message => to is null || message.To == to).Reverse()];
    }

    private void Forget(DateTimeOffset now)
    {
        // Ten keys a message kept: enough for every repeat that comes at all, and bounded.
        while (_keysByAge.TryPeek(out var oldest) && (now - _keys[oldest] > KeyLife || _keys.Count >= 10 * options.Value.OutboxSize))
        {
            _keys.Remove(oldest);
            _keysByAge.Dequeue();
        }
    }
}

/// <summary>A message that a real gateway would have sent.</summary>
/// <param name="Number">Counts from 1 since the start.</param>
/// <param name="At">When it was handed over.</param>
/// <param name="To">E.164 or e-mail address.</param>
/// <param name="Body">The text.</param>
public sealed record OutboxMessage(long Number, DateTimeOffset At, string To, string Body);
