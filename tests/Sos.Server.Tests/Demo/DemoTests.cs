using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Sos.Server.Demo;
using Sos.Server.Hosting;

namespace Sos.Server.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public void The_demo_is_refused_outside_Development_with_a_sentence_that_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<StartupException>(() => SosApplication.Build(["--demo", "--environment=Production", $"--Sos:DataDirectory={folder.Path}"]));
        Assert.Contains("ASPNETCORE_ENVIRONMENT=Development", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Four_links_open_four_sides_each_with_its_own_rights_and_no_more()
    {
        await using var host = await SosServerHost.Start("--demo");
        var links = (await host.Http.GetFromJsonAsync<DemoLink[]>("demo/links"))!;
        Assert.Equal(["person", "responder", "operator", "admin"], links.Select(link => link.Role));
        (string Path, string[] Allowed)[] routes =
        [
            ("api/v1/users/me", ["person", "responder", "operator", "admin"]),
            ("api/v1/responders/me", ["responder"]),
            ("api/v1/admin/board", ["operator", "admin"]),
            ($"api/v1/admin/users/{Guid.CreateVersion7()}", ["admin"]),
        ];
        foreach (var link in links)
        {
            var session = await SignIn(host, link.Url[(link.Url.IndexOf('.', StringComparison.Ordinal) + 1)..]);
            foreach (var (path, allowed) in routes)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Sos-Reason", "a test" } } };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.AccessToken);
                using var answer = await host.Http.SendAsync(request);
                Assert.True(answer.StatusCode != HttpStatusCode.Forbidden == allowed.Contains(link.Role), $"{link.Role} {path}: {answer.StatusCode}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000")]
    public async Task A_key_of_another_start_opens_nothing(string key)
    {
        await using var host = await SosServerHost.Start("--demo");
        using var answer = await host.Http.PostAsJsonAsync("demo/sign-in", new { key });
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("demo", "text/html")]
    [InlineData("demo/demo.js", "text/javascript")]
    [InlineData("demo/demo.css", "text/css")]
    [InlineData("demo/city.geojson", "application/geo+json")]
    public async Task The_page_is_there_with_the_demo_and_not_without_it(string path, string type)
    {
        await using var demo = await SosServerHost.Start("--demo");
        using var page = await demo.Http.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, type), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        await using var plain = await SosServerHost.Start();
        using var none = await plain.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static async Task<DemoSession> SignIn(SosServerHost host, string key)
    {
        await host.Services.GetRequiredService<DemoTown>().Awake.WaitAsync(TimeSpan.FromSeconds(60));
        using var answer = await host.Http.PostAsJsonAsync("demo/sign-in", new { key });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<DemoSession>())!;
    }
}
