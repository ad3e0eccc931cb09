using System.Text;
using Sos.Server.Tests.Identity;

namespace Sos.Server.Tests.Access;

/// <summary>
/// S-01 for apps: every route that asks who is there, by an app's token with each single scope. <c>scope-matrix.csv</c> says which scope opens which
/// route; everything else is closed to every app.
/// </summary>
public sealed class ScopeMatrixTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private static readonly Lazy<Dictionary<AccessTarget, string>> Open = new(Read);

    [Fact]
    public async Task Each_scope_opens_what_the_table_says_and_nothing_else()
    {
        var app = await AppFlow.Register(world.Host, world.SessionOf("other"), quota: 6_000);
        var wrong = new List<string>();
        var cells = 0;
        foreach (var scope in AppFlow.Scopes)
        {
            var tokens = await app.LetIn(world.SessionOf("owner"), scope);
            foreach (var row in AccessMatrix.Rows.Where(Asks).DistinctBy(row => row.Target))
            {
                cells++;
                var opens = Open.Value.GetValueOrDefault(row.Target) == scope;
                var got = await Ask(row, "Bearer " + tokens.AccessToken);
                if (opens == (got == 403) || got == 401) wrong.Add($"{row.Target} with {scope}: {got}, and the table says {(opens ? "open" : "closed")}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(cells > 400, $"only {cells} cells");
        var figures = $"S-01 for apps: {cells} cells, {Open.Value.Count} routes are open to apps";
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
    }

    [Fact]
    public void The_table_names_routes_and_scopes_that_there_are()
    {
        var targets = AccessMatrix.Rows.Select(row => row.Target).ToHashSet();
        Assert.All(Open.Value, pair => Assert.True(targets.Contains(pair.Key) && AppFlow.Scopes.Contains(pair.Value), $"{pair.Key} {pair.Value}"));
        Assert.Equal(AppFlow.Scopes.Order(), Open.Value.Values.Distinct().Order());
    }

    // Routes that anybody may call ask nobody; hub methods are behind their connection's route.
    private static bool Asks(AccessRow row) => row.Method != "HUB" && row.Cells["anonymous"] == "401";

    // Somebody else's object or none: whether the route is open is seen all the same, and nothing is used up.
    private async Task<int> Ask(AccessRow row, string credential)
    {
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), AccessRequests.Path(row.Target, Guid.CreateVersion7()));
        if (AccessRequests.Body(row.Target) is { } body) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", credential);
        request.Headers.Add("Sos-Reason", "the scope matrix");
        using var answer = await world.Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    private static Dictionary<AccessTarget, string> Read()
    {
        using var text = new StreamReader(typeof(ScopeMatrixTests).Assembly.GetManifestResourceStream("scope-matrix.csv")!);
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1..].Select(line => line.Split(','))
            .ToDictionary(cells => new AccessTarget(cells[0], cells[1]), cells => cells[2]);
    }
}
