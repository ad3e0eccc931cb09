using Microsoft.Extensions.Options;
using Sos.Contracts.Messaging;
using Sos.Grains.Messaging;

namespace Sos.Grains.Tests.Messaging;

public sealed class DevelopmentOutboxTests
{
    private readonly DevelopmentOutbox _outbox = new(TimeProvider.System, Options.Create(new MessagingOptions { OutboxSize = 3 }));

    [Fact]
    public async Task A_message_with_a_key_that_was_used_is_taken_once()
    {
        Assert.True(await Send("+491", "a", "k"));
        Assert.True(await Send("+491", "a", "k"));
        Assert.Single(_outbox.Read(null));
    }

    [Fact]
    public async Task Only_the_newest_messages_are_kept_newest_first()
    {
        for (var i = 1; i <= 5; i++) await Send("+491", $"{i}", $"k{i}");
        Assert.Equal(["5", "4", "3"], _outbox.Read(null).Select(message => message.Body));
    }

    [Fact]
    public async Task Messages_to_one_address_are_found()
    {
        await Send("+491", "mine", "k1");
        await Send("+492", "other", "k2");
        Assert.Equal("mine", Assert.Single(_outbox.Read("+491")).Body);
    }

    [Fact]
    public void Every_template_has_a_text_that_names_no_place()
    {
        foreach (var template in Enum.GetValues<TextTemplate>()) Assert.InRange(TextTemplates.Body(template).Length, 10, 160);
    }

    private Task<bool> Send(string to, string body, string key) => _outbox.Send(new TextMessage(to, body, key), CancellationToken.None);
}
