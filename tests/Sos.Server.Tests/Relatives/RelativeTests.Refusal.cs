using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sos.Grains.Messaging;
using Sos.Server.Identity;
using Sos.Server.Users;

namespace Sos.Server.Tests.Relatives;

/// <summary>What a number does that nobody has an account with: the link in its message.</summary>
public sealed partial class RelativeTests
{
    [Fact]
    public async Task A_number_without_an_account_refuses_by_the_link_in_its_message_whoever_asks_and_nobody_is_told()
    {
        var ((ann, _), (eve, _)) = (await Person("Ann"), await Person("Eve"));
        var (first, second, third) = ("+15558887001", "+15558887002", "+15558887003");
        await city.Done(ann, "POST", "relatives/add", Asks(first));
        await city.Until("it is asked", () => Task.FromResult(Texts(first).Length == 1));
        var link = new Uri(Texts(first)[0].Split(' ')[^1]);
        Assert.Equal("/relative", link.AbsolutePath);
        var before = await Whole(ann, "GET", "relatives", null);
        using (var page = await city.Host.Http.GetAsync(link.AbsolutePath)) Assert.DoesNotContain("Ann", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.NoContent, await Refuse(link.Fragment[1..]));
        Assert.Equal(before, await Whole(ann, "GET", "relatives", null));

        // Before anybody has asked, so that nothing but the refusal holds the message back; what was asked after it has come.
        Assert.Equal(HttpStatusCode.NoContent, await Refuse(Links.Refusal(city.Host.Services.GetRequiredService<IdentitySeals>().AddressKey(second))!.Fragment[1..]));
        await city.Done(eve, "POST", "relatives/add", Asks(second));
        await city.Done(eve, "POST", "relatives/add", Asks(third));
        await city.Until("the last is asked", () => Task.FromResult(Texts(third).Length == 1));
        Assert.Empty(Texts(second));
        var list = (await city.Done(eve, "GET", "relatives")).GetProperty("relatives");
        Assert.Equal(["invited", "invited"], list.EnumerateArray().Select(relative => relative.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_token_that_the_service_has_not_made_for_it_refuses_nothing_and_a_numbers_opens_nothing_else()
    {
        var token = Links.Refusal(new string('a', 64))!.Fragment[1..];
        Assert.Equal(new string('a', 64), Links.OpenNumber(token));
        foreach (var wrong in new[]
        {
            "", "x", "####", token[..^1] + (token[^1] == 'A' ? 'Q' : 'A'), token[..^4], token + "AAAA", token[..^1] + " ", new string('A', 64), new string('A', 100_000),
            Links.Invitation(Guid.NewGuid(), Guid.NewGuid())!.Fragment[1..], Links.Alert(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid())!.Fragment[1..],
        })
        {
            Assert.Equal(HttpStatusCode.NotFound, await Refuse(wrong));
        }

        foreach (var other in new[] { "invitation", "guardian", "alert" })
        {
            using var answer = await city.Host.Send(HttpMethod.Post, $"api/v1/contact-links/{other}", JsonSerializer.Serialize(new { token }));
            await SosServerHost.IsProblem(answer, 404, "not-found");
        }

        Assert.Null(Links.Open(token));
    }

    private ContactLinks Links => city.Host.Services.GetRequiredService<ContactLinks>();

    private static string Asks(string phone) => $$"""{"phoneNumber":"{{phone}}","name":"Ben"}""";

    private string[] Texts(string phone) => [.. city.Host.Services.GetRequiredService<DevelopmentOutbox>().Read(phone).Select(message => message.Body)];

    private async Task<HttpStatusCode> Refuse(string token)
    {
        using var answer = await city.Host.Send(HttpMethod.Post, "api/v1/contact-links/relatives/refuse", JsonSerializer.Serialize(new { token }));
        return answer.StatusCode;
    }
}
