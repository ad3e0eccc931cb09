using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sos.Contracts.Messaging;
using Sos.Grains.Messaging;

namespace Sos.Grains.Tests.Messaging;

public sealed class SmtpGatewayTests
{
    private static readonly TextMessage Message = new("ada@example.org", "123456 is your code.", "code/1");

    [Fact]
    public async Task An_email_reaches_the_server_with_sender_recipient_and_text()
    {
        using var server = new MailServer();
        var talk = server.Talk();
        Assert.True(await Gateway(server.Port).Send(Message, CancellationToken.None));
        var heard = await talk.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains(heard, line => line.StartsWith("MAIL FROM:<sos@example.org>", StringComparison.Ordinal));
        Assert.Contains("RCPT TO:<ada@example.org>", heard);
        Assert.Contains("123456 is your code.", heard);
        Assert.Contains("Auto-Submitted: auto-generated", heard);
        Assert.DoesNotContain(heard, line => line.StartsWith("Subject:", StringComparison.Ordinal) && line.Contains("123456", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_without_encryption_gets_no_email()
    {
        using var server = new MailServer();
        var talk = server.Talk();
        await Assert.ThrowsAsync<SmtpException>(() => Gateway(server.Port, startTls: true).Send(Message, CancellationToken.None));
        Assert.DoesNotContain(await talk.WaitAsync(TimeSpan.FromSeconds(60)), line => line.StartsWith("MAIL FROM", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_goes_through_its_own_channel()
    {
        var (texts, emails) = (new Taker(), new Taker());
        var gateway = new ChannelGateway(texts, emails);
        await gateway.Send(Message, CancellationToken.None);
        await gateway.Send(Message with { To = "+49301234567" }, CancellationToken.None);
        Assert.Equal(("+49301234567", "ada@example.org"), (Assert.Single(texts.Taken), Assert.Single(emails.Taken)));
    }

    private static SmtpGateway Gateway(int port, bool startTls = false)
    {
        var options = new MessagingOptions { Email = MessagingOptions.SmtpServer };
        (options.Smtp.Host, options.Smtp.Port, options.Smtp.From, options.Smtp.StartTls) = ("127.0.0.1", port, "sos@example.org", startTls);
        return new SmtpGateway(Options.Create(options), NullLogger<SmtpGateway>.Instance);
    }

    private sealed class Taker : ISmsGateway
    {
        public List<string> Taken { get; } = [];

        public Task<bool> Send(TextMessage message, CancellationToken cancellationToken)
        {
            Taken.Add(message.To);
            return Task.FromResult(true);
        }
    }

    /// <summary>Takes one e-mail (RFC 5321) and answers what it heard.</summary>
    private sealed class MailServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public MailServer() => _listener.Start();

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async Task<List<string>> Talk()
        {
            using var client = await _listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
            var (heard, inData) = (new List<string>(), false);
            await writer.WriteLineAsync("220 test");
            while (await reader.ReadLineAsync() is { } line)
            {
                heard.Add(line);
                if (inData && line != ".") continue;
                inData = line == "DATA";
                await writer.WriteLineAsync(inData ? "354 go on" : line == "QUIT" ? "221 bye" : "250 ok");
                if (line == "QUIT") break;
            }

            return heard;
        }

        public void Dispose() => _listener.Dispose();
    }
}
