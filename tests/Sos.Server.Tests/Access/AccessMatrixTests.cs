using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Sos.Server.Http;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Access;

/// <summary>S-01: every route and hub method by every caller, as the table says; a route without a row fails.</summary>
public sealed class AccessMatrixTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    public static TheoryData<string, string> Targets
    {
        get
        {
            var targets = new TheoryData<string, string>();
            foreach (var target in AccessMatrix.Rows.Select(row => row.Target).Distinct()) targets.Add(target.Method, target.Route);
            return targets;
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Everybody_gets_what_the_table_says(string method, string route)
    {
        var wrong = new List<string>();
        var refused = new Dictionary<(string Caller, string Object), string>();
        foreach (var row in AccessMatrix.Rows.Where(row => row.Method == method && row.Route == route))
        {
            foreach (var caller in AccessMatrix.Callers)
            {
                var (got, whole) = row.Method == "HUB" ? await Invoke(row, caller) : await Ask(row, caller);
                if (got != row.Cells[caller]) wrong.Add($"{caller} on {row.Object}: {got}, and the table says {row.Cells[caller]}");
                else if (got is "404" or "not-found") refused[(caller, row.Object)] = whole;
            }
        }

        // Foreign and missing: status, headers and body are the same bytes.
        foreach (var ((caller, thing), whole) in refused.Where(pair => pair.Key.Object is not ("-" or "missing")))
        {
            if (!refused.TryGetValue((caller, "missing"), out var missing)) wrong.Add($"{caller}: {thing} is refused as missing, and what is missing is not");
            else if (missing != whole) wrong.Add($"{caller}: {thing} and missing differ:\n{whole}\n{missing}");
        }

        Assert.True(wrong.Count == 0, $"{method} {route}\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Every_route_and_hub_method_has_its_rows()
    {
        var targets = AccessMatrix.TargetsOf(world.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints).ToHashSet();
        var differences = AccessMatrix.Differences(targets).ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Contains(new AccessTarget("HUB", "/ws/alerts#UpdatePosition"), targets);
        var figures = $"S-01: {AccessMatrix.Rows.Count * AccessMatrix.Callers.Count} cells: {targets.Count} routes and hub methods, {AccessMatrix.Rows.Count} rows, {AccessMatrix.Callers.Count} callers";
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
    }

    [Fact]
    public async Task A_planted_route_and_a_planted_hub_method_are_found()
    {
        using var folder = new TemporaryFolder();
        await using var app = SosApplication.Build(["--environment=Development", $"--Sos:DataDirectory={folder.Path}"]);
        Assert.Empty(AccessMatrix.Differences(Targets(app)));

        app.MapGet("/api/v1/planted", static () => "open").AllowAnonymous();
        app.MapHub<PlantedHub>("/ws/planted").RequireAuthorization();
        var found = AccessMatrix.Differences(Targets(app)).ToList();
        Assert.Contains("GET /api/v1/planted has no row in access-matrix.csv: say who may call it", found);
        Assert.Contains("HUB /ws/planted#Shout has no row in access-matrix.csv: say who may call it", found);

        static IEnumerable<AccessTarget> Targets(WebApplication app) => AccessMatrix.TargetsOf(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints));
    }

    private async Task<(string Got, string Whole)> Ask(AccessRow row, string caller)
    {
        var id = await world.ObjectOf(row, caller);
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), AccessRequests.Path(row.Target, id));
        if (AccessRequests.File(row.Target) is { } file) request.Content = file;
        else if (AccessRequests.Body(row.Target) is { } body) request.Content = new StringContent(body.Replace("{id}", id.ToString(), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        if (await world.CredentialFor(caller, row.Target) is { } credential) request.Headers.TryAddWithoutValidation("Authorization", credential);
        request.Headers.Add("Sos-Reason", "the access matrix");
        using var answer = await world.Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream") return ($"{(int)answer.StatusCode}", "");
        var text = await answer.Content.ReadAsStringAsync();
        if (AccessRequests.Consumes(row.Target) && answer.IsSuccessStatusCode) world.Consume(row, caller);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "RateLimit")).Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order();
        return (Word((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text), $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{text}");
    }

    /// <summary>Connects as the caller would and calls; who is not let in gets the connection's answer.</summary>
    private async Task<(string Got, string Whole)> Invoke(AccessRow row, string caller)
    {
        var parts = row.Route.Split('#');
        var (hub, method) = (parts[0].TrimStart('/'), parts[1]);
        var credential = world.Credential(caller);
        using (var door = await world.Host.Send(HttpMethod.Get, hub, authorization: credential))
        {
            if ((int)door.StatusCode is 401 or 403) return (Word((int)door.StatusCode, door.Content.Headers.ContentType?.MediaType, await door.Content.ReadAsStringAsync()), "");
        }

        using var ticket = await world.Host.Send(HttpMethod.Post, "api/v1/auth/tickets", authorization: credential);
        var address = new UriBuilder(world.Host.Http.BaseAddress!) { Scheme = "ws", Path = hub }.Uri;
        await using var client = await HubClient.Connect(address, (await SosServerHost.Json(ticket)).GetProperty("ticket").GetString());
        var id = await world.ObjectOf(row, caller);
        object?[] arguments = method switch
        {
            "UpdatePosition" => [id, new { latitude = 40.12, longitude = -75.34 }],
            "StopLocationSharing" => [],
            "Report" or "UpdateLocation" => [new { latitude = 40.12, longitude = -75.34 }],
            _ => [id, true],
        };
        try
        {
            await client.Invoke(method, arguments);
            return ("done", "");
        }
        catch (HubCallException refusal)
        {
            return (refusal.Message.Split(' ')[^1], refusal.Message);
        }
    }

    /// <summary>A status, or the problem's slug where it is not the usual one of its status.</summary>
    private static string Word(int status, string? mediaType, string text)
    {
        if (mediaType != "application/problem+json") return $"{status}";
        using var problem = JsonDocument.Parse(text);
        var slug = problem.RootElement.GetProperty("type").GetString()![ProblemKind.TypePrefix.Length..];
        return slug == ProblemKind.ForStatus(status).Slug ? $"{status}" : slug;
    }

    [Authorize]
    private sealed class PlantedHub : Hub
    {
        public Task Shout(string text) => Clients.All.SendAsync(text);
    }
}
