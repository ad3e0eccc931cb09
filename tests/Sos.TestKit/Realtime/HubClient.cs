using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace Sos.TestKit.Realtime;

/// <summary>A call of the server to a client method.</summary>
/// <param name="Target">Name of the client method, for example <c>alertChanged</c>.</param>
/// <param name="Arguments">Its arguments as JSON.</param>
/// <param name="ReceivedAt"><see cref="Stopwatch.GetTimestamp"/> when it arrived.</param>
public sealed record HubMessage(string Target, JsonElement[] Arguments, long ReceivedAt);

/// <summary>The server refused a hub call; the message is the server's.</summary>
public sealed class HubCallException(string message) : Exception(message);

/// <summary>
/// A client of a SignalR hub, by the JSON hub protocol over a WebSocket without negotiation. It stands alone, so that the simulator and the
/// tests see exactly what goes over the wire. Protocol: dotnet/aspnetcore, src/SignalR/docs/specs/HubProtocol.md.
/// </summary>
public sealed class HubClient : IAsyncDisposable
{
    private const byte RecordSeparator = 0x1e;
    private const int Invocation = 1;
    private const int Completion = 3;
    private const int Close = 7;
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly byte[] Ping = """{"type":6}"""u8.ToArray();

    private readonly ClientWebSocket _socket;
    private readonly Channel<HubMessage> _messages = Channel.CreateUnbounded<HubMessage>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement?>> _calls = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private readonly Action<HubMessage>? _onMessage;
    private readonly Task _pinging;
    private long _lastCall;

    private HubClient(ClientWebSocket socket, byte[] rest, Action<HubMessage>? onMessage)
    {
        _socket = socket;
        _onMessage = onMessage;
        Closed = Read(rest);
        _pinging = KeepAlive();
    }

    /// <summary>Messages in order of arrival; ends with the connection. Empty while a handler was given to <see cref="Connect"/>.</summary>
    public ChannelReader<HubMessage> Messages => _messages.Reader;

    /// <summary>Ends when the connection does; the reason that the server gave, or null. Never fails.</summary>
    public Task<string?> Closed { get; }

    /// <summary>Connects and shakes hands.</summary>
    /// <param name="hub">For example <c>ws://localhost:5000/ws/alerts</c>.</param>
    /// <param name="ticket">A one-time ticket of <c>POST /auth/tickets</c>; null: none.</param>
    /// <param name="onMessage">Called for every message on the reading task instead of queueing it; must be quick.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="WebSocketException">The server did not accept the connection.</exception>
    /// <exception cref="HubCallException">The handshake was refused.</exception>
    public static async Task<HubClient> Connect(
        Uri hub, string? ticket, Action<HubMessage>? onMessage = null, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(ticket is null ? hub : new UriBuilder(hub) { Query = "ticket=" + ticket }.Uri, cancellationToken);
            var handshake = "{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray();
            await socket.SendAsync(handshake, WebSocketMessageType.Text, true, cancellationToken);
            var rest = await ReadHandshake(socket, cancellationToken);
            return new HubClient(socket, rest, onMessage);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Calls a hub method and waits for its result; null where it has none.</summary>
    /// <exception cref="HubCallException">The server refused.</exception>
    public async Task<JsonElement?> Invoke(string method, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref _lastCall).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var call = new TaskCompletionSource<JsonElement?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = call;
        await Write(JsonSerializer.SerializeToUtf8Bytes(new { type = Invocation, invocationId = id, target = method, arguments }, Json));
        return await call.Task;
    }

    /// <summary>Calls a hub method without waiting for a result.</summary>
    public Task Send(string method, params object?[] arguments) =>
        Write(JsonSerializer.SerializeToUtf8Bytes(new { type = Invocation, target = method, arguments }, Json));

    /// <summary>Sends text as it is, with a record separator, to see what the server makes of it.</summary>
    public Task SendRaw(ReadOnlyMemory<byte> text) => Write(text);

    /// <summary>The next message to a client method; others in between are dropped.</summary>
    /// <exception cref="TimeoutException">None arrived in time; the text names those that did.</exception>
    public async Task<HubMessage> Next(string target, TimeSpan timeout)
    {
        var seen = new List<string>();
        using var patience = new CancellationTokenSource(timeout);
        try
        {
            await foreach (var message in _messages.Reader.ReadAllAsync(patience.Token))
            {
                if (message.Target == target) return message;
                seen.Add(message.Target);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No {target} within {timeout}; seen instead: {(seen.Count == 0 ? "nothing" : string.Join(", ", seen))}.");
        }

        throw new InvalidOperationException($"The connection ended before {target} came.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Closed;
        await _pinging;
        _socket.Dispose();
        _sending.Dispose();
        _ending.Dispose();
    }

    private static async Task<byte[]> ReadHandshake(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        while (buffer.WrittenSpan.IndexOf(RecordSeparator) < 0)
        {
            var part = await socket.ReceiveAsync(buffer.GetMemory(256), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close) throw new HubCallException("The server closed the connection at the handshake.");
            buffer.Advance(part.Count);
        }

        var end = buffer.WrittenSpan.IndexOf(RecordSeparator);
        using var answer = JsonDocument.Parse(buffer.WrittenMemory[..end]);
        if (answer.RootElement.TryGetProperty("error", out var error)) throw new HubCallException(error.GetString() ?? "refused");
        return buffer.WrittenSpan[(end + 1)..].ToArray();
    }

    private async Task Write(ReadOnlyMemory<byte> json)
    {
        var framed = ArrayPool<byte>.Shared.Rent(json.Length + 1);
        await _sending.WaitAsync(_ending.Token);
        try
        {
            json.CopyTo(framed);
            framed[json.Length] = RecordSeparator;
            await _socket.SendAsync(framed.AsMemory(0, json.Length + 1), WebSocketMessageType.Text, true, _ending.Token);
        }
        finally
        {
            _sending.Release();
            ArrayPool<byte>.Shared.Return(framed);
        }
    }

    private async Task KeepAlive()
    {
        using var timer = new PeriodicTimer(PingEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token)) await Write(Ping);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The connection has ended; Closed says so.
        }
    }

    private async Task<string?> Read(byte[] rest)
    {
        string? reason = null;
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Write(rest);
        try
        {
            while (true)
            {
                reason = Consume(buffer) ?? reason;
                var part = await _socket.ReceiveAsync(buffer.GetMemory(512), _ending.Token);
                if (part.MessageType == WebSocketMessageType.Close) break;
                buffer.Advance(part.Count);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            if (e is WebSocketException) reason ??= e.Message;
        }
        finally
        {
            _messages.Writer.TryComplete();
            foreach (var call in _calls.Values) call.TrySetException(new HubCallException("The connection ended before the answer."));
        }

        return reason;
    }

    /// <summary>Handles every whole message in the buffer and keeps the rest; answers the reason of a close message.</summary>
    private string? Consume(ArrayBufferWriter<byte> buffer)
    {
        string? reason = null;
        var written = buffer.WrittenMemory;
        var start = 0;
        for (int length; (length = written.Span[start..].IndexOf(RecordSeparator)) >= 0; start += length + 1)
        {
            reason = Handle(written.Slice(start, length)) ?? reason;
        }

        if (start == 0) return reason;
        var rest = written[start..].ToArray();
        buffer.ResetWrittenCount();
        buffer.Write(rest);
        return reason;
    }

    private string? Handle(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        switch (root.GetProperty("type").GetInt32())
        {
            case Invocation:
                var message = new HubMessage(
                    root.GetProperty("target").GetString()!,
                    [.. root.GetProperty("arguments").EnumerateArray().Select(a => a.Clone())],
                    Stopwatch.GetTimestamp());
                if (_onMessage is not null) _onMessage(message);
                else _messages.Writer.TryWrite(message);
                return null;
            case Completion:
                Complete(root);
                return null;
            case Close:
                return root.TryGetProperty("error", out var error) ? error.GetString() : "closed by the server";
            default:
                return null;
        }
    }

    private void Complete(JsonElement root)
    {
        if (!_calls.TryRemove(root.GetProperty("invocationId").GetString()!, out var call)) return;
        if (root.TryGetProperty("error", out var error)) call.TrySetException(new HubCallException(error.GetString() ?? "refused"));
        else call.TrySetResult(root.TryGetProperty("result", out var result) && result.ValueKind != JsonValueKind.Null ? result.Clone() : null);
    }
}
