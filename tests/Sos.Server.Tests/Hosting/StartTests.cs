using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sos.Server.Hosting;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Hosting;

public sealed class StartTests
{
    [Theory]
    [InlineData("Sos:Messaging:Gateway", "--Sos:Bootstrap:Admin=0123456789abcdef")]
    [InlineData("Sos:Identity:TestNumbers", "--Sos:Messaging:Gateway=none", "--Sos:Identity:TestNumbers=+1555")]
    [InlineData("Sos:PublicAddress", "--Sos:Messaging:Gateway=none", "--Sos:PublicAddress=http://sos.example.org")]
    public void Production_refuses_what_is_for_development(string setting, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<StartupException>(() => SosApplication.Build(["--environment=Production", "--Sos:Orleans:AllowMemory=true", $"--Sos:DataDirectory={folder.Path}", .. arguments]));
        Assert.Contains(setting, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task Production_starts_without_messages_and_has_no_development_routes()
    {
        await using var server = await SosServerHost.Start("--environment=Production", "--Sos:Messaging:Gateway=none", "--Sos:Orleans:AllowMemory=true", "--Sos:Server:DrainTime=00:00:00", $"--{TestNumbers.Setting}=");
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("health/ready")).StatusCode);
        foreach (var path in new[] { "dev/messages", "dev" }) Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("--Sos:Identity:CodeLife=01:00:00", "CodeLife")]
    [InlineData("--Sos:Identity:CodeTries=0", "CodeTries")]
    [InlineData("--Sos:Messaging:Gateway=pigeon", "Gateway")]
    [InlineData("--Sos:Server:MaxBodyBytes=1", "MaxBodyBytes")]
    [InlineData("--Sos:Bootstrap:Admin=short", "Sos:Bootstrap:Admin")]
    [InlineData("--FORWARDEDHEADERS_ENABLED=true", "ASPNETCORE_FORWARDEDHEADERS_ENABLED")]
    [InlineData("--Sos:Server:Proxies:0=everybody", "Sos:Server:Proxies")]
    [InlineData("--Sos:Identity:ReviewNumber=+12155550199", "ReviewCode")]
    [InlineData("--Sos:Messaging:Email=smtp", "Sos:Messaging:Smtp")]
    public async Task A_setting_out_of_its_range_ends_the_start_with_its_name(string setting, string name)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => SosServerHost.Start(setting));
        Assert.Contains(name, StartupException.SentenceFor(failure, null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_ends_with_one_sentence_and_status_1()
    {
        await using var server = await SosServerHost.Start();
        var (status, error) = await Run($"--Sos:DataDirectory={server.DataDirectory}", "--urls=http://127.0.0.1:0");
        Assert.Equal(1, status);
        Assert.Contains("in use by another process", Assert.Single(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_ends_the_start_with_one_sentence_and_status_1()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (status, error) = await Run($"--Sos:DataDirectory={folder.Path}", $"--urls=http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
        Assert.Equal(1, status);
        var sentence = Assert.Single(error);
        Assert.Contains("port is in use", sentence, StringComparison.Ordinal);
        Assert.Contains("--urls", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_says_which_runtime_is_in()
    {
        await using var server = await SosServerHost.Start();
        foreach (var path in new[] { "health/live", "health/ready" })
            Assert.Equal(SosSilo.Runtime, (await SosServerHost.Json(await server.Http.GetAsync(path))).GetProperty("runtime").GetString());
    }

    [Fact]
    public async Task Readiness_is_between_start_and_stop()
    {
        var readiness = new Readiness();
        Assert.False(readiness.IsReady);
        await readiness.StartedAsync(default);
        Assert.True(readiness.IsReady);
        await readiness.StoppingAsync(default);
        Assert.False(readiness.IsReady);
    }

    [Fact]
    public async Task A_stop_says_not_ready_first_and_goes_on_serving_while_load_balancers_notice()
    {
        await using var server = await SosServerHost.Start("--Sos:Server:DrainTime=00:00:05");
        var person = await server.SignIn(1);
        var stopped = server.Services.GetRequiredService<IHost>().StopAsync();
        await server.Time.ArmedFor(TimeSpan.FromSeconds(5));
        using var ready = await server.Http.GetAsync("health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("stopping", (await SosServerHost.Json(ready)).GetProperty("status").GetString());
        using var served = await server.Send(HttpMethod.Get, "api/v1/users/me", (string?)null, "Bearer " + person.AccessToken);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.False(stopped.IsCompleted);
        server.Time.Advance(TimeSpan.FromSeconds(5));
        await stopped;
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Http.GetAsync("health/live"));
    }

    [Fact]
    public async Task The_description_is_openapi_3_1_and_every_operation_has_a_summary_and_its_credential()
    {
        await using var server = await SosServerHost.Start();
        var document = await SosServerHost.Json(await server.Http.GetAsync("openapi/v1.json"));
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name} {path.Name}", operation.Value))).ToArray();
        Assert.True(operations.Length > 15, $"only {operations.Length} operations");
        foreach (var (name, operation) in operations) Assert.True(operation.TryGetProperty("summary", out var summary) && summary.GetString() is { Length: > 0 }, name);
        Assert.Contains("bearer", operations.Single(operation => operation.Name == "get /api/v1/users/me").Value.GetProperty("security").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("sos", operations.Single(operation => operation.Name == "post /api/v1/users/me/position").Value.GetProperty("security").GetRawText(), StringComparison.Ordinal);
        Assert.False(operations.Single(operation => operation.Name == "post /api/v1/auth/otp").Value.TryGetProperty("security", out _));
    }

    [Fact]
    public async Task The_public_keys_verify_a_token_and_hold_nothing_private()
    {
        await using var server = await SosServerHost.Start();
        var token = (await server.SignIn(1)).AccessToken;
        var key = (await SosServerHost.Json(await server.Http.GetAsync(".well-known/jwks.json"))).GetProperty("keys")[0];
        Assert.Equal(["alg", "e", "kid", "kty", "n", "use"], key.EnumerateObject().Select(member => member.Name).Order());
        using var rsa = System.Security.Cryptography.RSA.Create(new System.Security.Cryptography.RSAParameters
        {
            Modulus = Identity.TokenForge.Decode(key.GetProperty("n").GetString()!),
            Exponent = Identity.TokenForge.Decode(key.GetProperty("e").GetString()!),
        });
        var cut = token.LastIndexOf('.');
        Assert.True(rsa.VerifyData(
            System.Text.Encoding.ASCII.GetBytes(token[..cut]),
            Identity.TokenForge.Decode(token[(cut + 1)..]),
            System.Security.Cryptography.HashAlgorithmName.SHA256,
            System.Security.Cryptography.RSASignaturePadding.Pkcs1));
    }

    private static async Task<(int Status, string[] Error)> Run(params string[] arguments)
    {
        var command = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        command.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var argument in (string[])[ServerProcess.DefaultServer, .. arguments]) command.ArgumentList.Add(argument);
        using var process = Process.Start(command)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        var written = await output;
        await process.WaitForExitAsync();
        Assert.DoesNotContain("   at ", written, StringComparison.Ordinal);
        return (process.ExitCode, error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
