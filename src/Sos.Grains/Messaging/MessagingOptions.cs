using Microsoft.Extensions.Options;

namespace Sos.Grains.Messaging;

/// <summary>Section <c>Sos:Messaging</c>: how messages leave the service.</summary>
public sealed class MessagingOptions
{
    /// <summary>Keeps messages in memory and shows them at <c>/dev/messages</c>. Development only.</summary>
    public const string Outbox = "outbox";

    /// <summary>Takes no message: nobody can sign in by code.</summary>
    public const string None = "none";

    /// <summary>Hands e-mail to the server of <see cref="Smtp"/>.</summary>
    public const string SmtpServer = "smtp";

    /// <summary>Text messages: <see cref="Outbox"/> or <see cref="None"/>.</summary>
    public string Gateway { get; set; } = Outbox;

    /// <summary>E-mail: <see cref="Outbox"/>, <see cref="None"/> or <see cref="SmtpServer"/>; empty: as <see cref="Gateway"/>.</summary>
    public string Email { get; set; } = "";

    /// <summary>The server of e-mail.</summary>
    public SmtpOptions Smtp { get; } = new();

    /// <summary>Messages that the outbox keeps, the newest ones.</summary>
    public int OutboxSize { get; set; } = 1000;

    internal sealed class Validator : IValidateOptions<MessagingOptions>
    {
        public ValidateOptionsResult Validate(string? name, MessagingOptions options)
        {
            if (options.Gateway is not (Outbox or None)) return ValidateOptionsResult.Fail("Sos:Messaging:Gateway must be 'outbox' or 'none'.");
            if (options.Email is not ("" or Outbox or None or SmtpServer)) return ValidateOptionsResult.Fail("Sos:Messaging:Email must be 'outbox', 'none' or 'smtp'.");
            var smtp = options.Smtp;
            if (options.Email == SmtpServer && (smtp.Host.Length == 0 || !System.Net.Mail.MailAddress.TryCreate(smtp.From, out _)))
                return ValidateOptionsResult.Fail("Sos:Messaging:Smtp needs a Host and a From address.");
            if (smtp.Timeout < TimeSpan.FromSeconds(1) || smtp.Timeout > TimeSpan.FromSeconds(60)) return ValidateOptionsResult.Fail("Sos:Messaging:Smtp:Timeout must be 00:00:01 to 00:01:00.");
            return options.OutboxSize is >= 1 and <= 100_000 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail("Sos:Messaging:OutboxSize must be 1 to 100000.");
        }
    }
}
