using Sos.Server.Tests.Alerts;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Realtime;

/// <summary>Server-sent events. A class of its own: the clock goes past the end of a token.</summary>
public sealed class EventStreamTests(AlertCity city) : IClassFixture<AlertCity>
{
    [Fact]
    public async Task A_reader_that_comes_back_goes_on_where_it_was_and_is_cut_off_when_its_token_ends()
    {
        var victim = await city.Person();
        string? last;
        Guid alert;
        using (var stream = await Open(victim, null))
        {
            alert = (await city.Press(victim)).GetProperty("id").GetGuid();
            last = await NextId(stream, "\"kind\":\"raised\"");
        }

        await city.Done(victim, "PATCH", $"alerts/{alert}", """{"note":"while nobody listened"}""");
        using var resumed = await Open(victim, last);
        var missed = await NextId(resumed, "while nobody listened");
        Assert.NotEqual(last, missed);

        city.Host.Time.Advance(TimeSpan.FromMinutes(11));
        await city.Until("the stream has ended", async () => await resumed.ReadLineAsync() is null);
    }

    [Fact]
    public async Task The_end_of_sharing_is_an_event_that_does_not_move_where_a_reader_goes_on()
    {
        var person = await city.Person();
        await city.Done(person, "POST", "relatives/toggle-sharing", """{"enabled":true}""");
        using var stream = await Open(person, null);
        var alert = (await city.Press(person)).GetProperty("id").GetGuid();
        var before = await NextId(stream, "\"kind\":\"raised\"");
        await city.Done(person, "POST", "relatives/toggle-sharing", """{"enabled":false}""");
        var end = await NextId(stream, "\"locationSharingEnabled\":false");
        Assert.Equal(before[..before.LastIndexOf('.')], end[..end.LastIndexOf('.')]);
        await city.Done(person, "PATCH", $"alerts/{alert}", """{"note":"after the end"}""");
        using var resumed = await Open(person, end);
        await NextId(resumed, "after the end");
    }

    private async Task<StreamReader> Open(SessionAnswer who, string? last)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/users/me/stream");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + who.AccessToken);
        if (last is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        var answer = await city.Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The id of the next event whose data has a text in it, while the clock of the service goes on slowly.</summary>
    private async Task<string> NextId(StreamReader stream, string text)
    {
        var id = "";
        var line = stream.ReadLineAsync();
        await city.Until(text, async () =>
        {
            await Task.Yield();
            if (!line.IsCompleted) return false;
            var read = await line ?? throw new InvalidOperationException($"The stream ended before {text}.");
            if (read.StartsWith("id: ", StringComparison.Ordinal)) id = read[4..];
            if (read.StartsWith("data: ", StringComparison.Ordinal) && read.Contains(text, StringComparison.Ordinal)) return true;
            line = stream.ReadLineAsync();
            return false;
        });
        return id;
    }
}
