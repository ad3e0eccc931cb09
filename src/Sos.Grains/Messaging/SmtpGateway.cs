using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sos.Contracts.Messaging;

namespace Sos.Grains.Messaging;

/// <summary>
/// Hands e-mail to a submission server (RFC 6409): STARTTLS unless the deployment says otherwise, plain text, one recipient. The subject names the service
/// and nothing else: a lock screen is read by others.
/// </summary>
internal sealed partial class SmtpGateway(IOptions<MessagingOptions> options, ILogger<SmtpGateway> logger) : ISmsGateway
{
    /// <summary>No sender waits longer (<see cref="ISmsGateway.Send"/>); the server has until its own time is up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    public async Task<bool> Send(TextMessage message, CancellationToken cancellationToken)
    {
        var handing = Hand(message);
        if (await Task.WhenAny(handing, Task.Delay(Patience, cancellationToken)) == handing) return await handing;
        _ = Outlast(handing);
        return true;
    }

    private async Task Outlast(Task<bool> handing)
    {
        try
        {
            await handing;
        }
        catch (Exception trouble)
        {
            // Nobody waits for it any more; the log keeps it.
            LogNotHanded(trouble.GetType().Name);
        }
    }

    private async Task<bool> Hand(TextMessage message)
    {
        var smtp = options.Value.Smtp;
        using var patience = new CancellationTokenSource(smtp.Timeout);
        using var client = new SmtpClient(smtp.Host, smtp.Port) { EnableSsl = smtp.StartTls };
        if (smtp.User.Length > 0) client.Credentials = new NetworkCredential(smtp.User, smtp.Password);
        using var mail = new MailMessage(smtp.From, message.To, smtp.Subject, message.Body) { IsBodyHtml = false };
        // No out-of-office answers, and a repeat can be told from news.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("X-Sos-Message", message.IdempotencyKey);
        await client.SendMailAsync(mail, patience.Token);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An e-mail was not taken by the submission server ({Exception})")]
    private partial void LogNotHanded(string exception);
}

/// <summary>Section <c>Sos:Messaging:Smtp</c>: the submission server of e-mail.</summary>
public sealed class SmtpOptions
{
    /// <summary>Host name; needed where <see cref="MessagingOptions.Email"/> is <c>smtp</c>.</summary>
    public string Host { get; set; } = "";

    /// <summary>Port of the server.</summary>
    public int Port { get; set; } = 587;

    /// <summary>Goes on only over TLS (STARTTLS). False is for a relay on the same machine.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>Account; empty: none.</summary>
    public string User { get; set; } = "";

    /// <summary>Its password.</summary>
    public string Password { get; set; } = "";

    /// <summary>Sender address; needed.</summary>
    public string From { get; set; } = "";

    /// <summary>Subject of every e-mail.</summary>
    public string Subject { get; set; } = "Your safety service";

    /// <summary>A server that has not taken the e-mail by then has refused it; 1 to 60 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
