using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server;
using Sos.Server.Identity;

namespace Sos.Benchmarks.Identity;

/// <summary>
/// What it costs to know who asks, in processor time of the whole process (clients included), so that a busy machine changes little: checking
/// an access token that is new to the process and one that is known, bringing a one-time code, a second factor's code, and a password's hash, which is
/// meant to be dear.
/// </summary>
internal static class IdentityBenchmark
{
    private const int SignIns = 1_000;
    private const int WarmUp = 2_000;

    public static async Task<int> Run(string[] args)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Directory.GetCurrentDirectory(), $"identity-benchmark-{Environment.ProcessId}")).FullName;
        try
        {
            await using var app = SosApplication.Build(
            [
                "--urls=http://127.0.0.1:0", "--environment=Development", $"--Sos:DataDirectory={folder}", "--Sos:Identity:TestNumbers=+1555", "--Logging:LogLevel:Default=Error",
            ]);
            await app.StartAsync();
            Tokens(app.Services);
            SecondFactor();
            await Password(app.Services);
            await SignIn(app);
            await app.StopAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Tokens(IServiceProvider services)
    {
        var (tokens, checks) = (services.GetRequiredService<AccessTokens>(), services.GetRequiredService<SessionChecks>());
        var now = DateTimeOffset.UtcNow;
        var issued = Enumerable.Range(0, 64).Select(_ => tokens.Issue(new SessionView(Guid.NewGuid(), Guid.NewGuid(), null, now, now, 0), Roles.User).Token).ToArray();
        Time("token new to the process: header, RS256, claims", 50_000, i => tokens.Read(issued[i % issued.Length]) is not null);
        Time("token known to the process", 1_000_000, i => checks.FindAccess(issued[i % issued.Length]) is not null);
    }

    private static void SecondFactor()
    {
        var (secret, now) = (new byte[TotpRules.SecretBytes], DateTimeOffset.UtcNow);
        Time("code of an authenticator app, three steps", 100_000, _ => TotpRules.Match(secret, "no code", now) is null);
    }

    private static async Task Password(IServiceProvider services)
    {
        const int Hashes = 10;
        var hash = services.GetRequiredService<PasswordHash>();
        var made = await hash.Make(new byte[32]);
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Hashes; i++) await hash.Fits(new byte[32], made);
        Print("password: scrypt, 32 MiB, three times", (Environment.CpuUsage.TotalTime - before) / Hashes);
    }

    private static async Task SignIn(WebApplication app)
    {
        using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
        var tickets = new List<string>();
        for (var i = 0; i < SignIns + WarmUp; i++)
        {
            using var asked = await http.PostAsJsonAsync("api/v1/auth/otp", new { phone = $"+1555900{i:D4}" });
            tickets.Add((await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sessionId").GetString()!);
        }

        var before = TimeSpan.Zero;
        for (var i = 0; i < tickets.Count; i++)
        {
            if (i == WarmUp) before = Environment.CpuUsage.TotalTime;
            using var signedIn = await http.PostAsJsonAsync("api/v1/auth/verify", new { sessionId = tickets[i], code = "000000" });
            signedIn.EnsureSuccessStatusCode();
        }

        Print("sign-in: code brought, account and session made, tokens signed", (Environment.CpuUsage.TotalTime - before) / SignIns);
    }

    private static void Time(string name, int times, Func<int, bool> work)
    {
        for (var i = 0; i < times; i++) Require(work(i));
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < times; i++) Require(work(i));
        Print(name, (Environment.CpuUsage.TotalTime - before) / times);
    }

    private static void Require(bool good)
    {
        if (!good) throw new InvalidOperationException("What is measured did not do its work.");
    }

    private static void Print(string name, TimeSpan time) => Console.WriteLine($"{name,-64} {time.TotalMicroseconds,12:N2} µs");
}
