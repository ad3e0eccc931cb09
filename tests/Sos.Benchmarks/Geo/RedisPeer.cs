using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sos.Benchmarks.Geo;

/// <summary>A redis-server of our own on a free port, without persistence, and one connection that speaks just enough RESP 2 to it.</summary>
internal sealed class RedisPeer : IDisposable
{
    private readonly Process _server;
    private readonly Socket _socket;
    private readonly byte[] _received = new byte[1 << 20];
    private readonly MemoryStream _commands = new();
    private int _start;
    private int _end;

    private RedisPeer(Process server, Socket socket) => (_server, _socket) = (server, socket);

    /// <summary>Starts the peer; null, with a line on the console, where there is no redis-server.</summary>
    public static async Task<RedisPeer?> TryStart()
    {
        var port = FreePort();
        Process server;
        try
        {
            server = Process.Start(new ProcessStartInfo("redis-server", $"--port {port} --bind 127.0.0.1 --save \"\" --appendonly no") { RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            Console.WriteLine("redis-server is not installed: its lines are left out (Debian: apt-get install redis-server).");
            return null;
        }

        _ = server.StandardOutput.ReadToEndAsync();
        for (var attempt = 0; ; attempt++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return new RedisPeer(server, socket);
            }
            catch (SocketException) when (attempt < 100 && !server.HasExited)
            {
                socket.Dispose();
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Adds a command to the next <see cref="Flush"/>.</summary>
    public void Queue(params ReadOnlySpan<string> command)
    {
        _commands.Write(Encoding.ASCII.GetBytes($"*{command.Length}\r\n"));
        foreach (var word in command) _commands.Write(Encoding.ASCII.GetBytes($"${word.Length}\r\n{word}\r\n"));
    }

    /// <summary>Sends what is queued and reads that many replies. Answers the number of elements of the last one.</summary>
    public int Flush(int commands)
    {
        _socket.Send(_commands.GetBuffer().AsSpan(0, (int)_commands.Length));
        _commands.SetLength(0);
        var elements = 0;
        for (var i = 0; i < commands; i++) elements = Reply();
        return elements;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private int Reply()
    {
        var line = Line();
        var number = line[0] is '+' or '-' ? 0 : int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
        if (line[0] == '-') throw new InvalidOperationException($"redis: {line}");
        if (line[0] == '$' && number >= 0) Skip(number + 2);
        if (line[0] != '*') return 1;
        for (var i = 0; i < number; i++) Reply();
        return number;
    }

    private string Line()
    {
        while (true)
        {
            var length = _received.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.ASCII.GetString(_received, _start, length);
                _start += length + 2;
                return line;
            }

            Receive();
        }
    }

    private void Skip(int bytes)
    {
        while (_end - _start < bytes) Receive();
        _start += bytes;
    }

    private void Receive()
    {
        if (_start > 0)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            (_start, _end) = (0, _end - _start);
        }

        var count = _socket.Receive(_received.AsSpan(_end));
        if (count == 0) throw new InvalidOperationException("redis has closed the connection.");
        _end += count;
    }
}
