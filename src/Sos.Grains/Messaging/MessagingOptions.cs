using Microsoft.Extensions.Options;

namespace Sos.Grains.Messaging;

/// <summary>Section <c>Sos:Messaging</c>: how messages leave the service.</summary>
public sealed class MessagingOptions
{
    /// <summary>Keeps messages in memory and shows them at <c>/dev/messages</c>. Development only.</summary>
    public const string Outbox = "outbox";

    /// <summary>Takes no message: nobody can sign in by code.</summary>
    public const string None = "none";

    /// <summary><see cref="Outbox"/> or <see cref="None"/>.</summary>
    public string Gateway { get; set; } = Outbox;

    /// <summary>Messages that the outbox keeps, the newest ones.</summary>
    public int OutboxSize { get; set; } = 1000;

    internal sealed class Validator : IValidateOptions<MessagingOptions>
    {
        public ValidateOptionsResult Validate(string? name, MessagingOptions options)
        {
            if (options.Gateway is not (Outbox or None)) return ValidateOptionsResult.Fail("Sos:Messaging:Gateway must be 'outbox' or 'none'.");
            return options.OutboxSize is >= 1 and <= 100_000 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail("Sos:Messaging:OutboxSize must be 1 to 100000.");
        }
    }
}
