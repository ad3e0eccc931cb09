using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Grains.Identity;
using Sos.Server.Identity;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Identity;

public sealed class PasswordTests : IAsyncLifetime
{
    private const string Email = "ada@example.org";
    private const string Password = "seven herons cross the quiet weir";
    private const string Other = "nine otters sleep under a bridge";

    private readonly TemporaryFolder _folder = new();
    private SosServerHost _server = null!;
    private SessionAnswer _ada = null!;

    public async ValueTask InitializeAsync()
    {
        var denied = Path.Combine(_folder.Path, "denied.txt");
        await File.WriteAllLinesAsync(denied, ["hunter2", "correct horse battery staple"]);
        _server = await SosServerHost.Start("--Sos:Identity:FailuresAnHourABlock=1000", "--Sos:Identity:PasswordCost=8", $"--Sos:Identity:DeniedPasswords={denied}");
        _ada = await ByCode();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_signs_in_to_the_same_account_as_the_code()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await Set(_ada, Password)).StatusCode);
        var session = await SosServerHost.Session(await Login("Ada@Example.org", Password));
        Assert.Equal(_ada.User!.Id, session.User!.Id);
        Assert.NotNull(session.SosCredential);
        await _server.Stop();
        await _server.Start();
        await SosServerHost.Session(await Login(Email, Password));
    }

    [Fact]
    public async Task A_wrong_one_an_unknown_address_and_an_account_without_one_are_answered_alike()
    {
        await Set(_ada, Password);
        using (await _server.Verify(await _server.AskForCode("grace@example.org"), await _server.CodeOf("grace@example.org"))) { }
        string? expected = null;
        foreach (var (email, password) in new[] { (Email, Other), (Email, Password + " "), (Email, Password.ToUpperInvariant()), (Email, ""), ("nobody@example.org", Password), ("grace@example.org", Password), ("not an address", Password), (Email, new string('x', 300)) })
        {
            using var answer = await Login(email, password);
            await SosServerHost.IsProblem(answer, 401, "wrong-password");
            var shape = string.Join('\n', answer.Headers.Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(',', header.Value)}")) + await answer.Content.ReadAsStringAsync();
            Assert.Equal(expected ??= shape, shape);
        }
    }

    [Fact]
    public async Task Ten_wrong_ones_an_hour_are_looked_at_for_known_and_unknown_addresses_and_the_code_still_signs_in()
    {
        await Set(_ada, Password);
        foreach (var email in new[] { Email, "nobody@example.org" })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => Login(email, Other)));
            Assert.Equal((10, 15), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized), answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests)));
            using var right = await Login(email, Password);
            await SosServerHost.IsProblem(right, 429, "too-many-requests");
        }

        _server.Time.Advance(TimeSpan.FromMinutes(2));
        await ByCode();
        _server.Time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 12; i++) await SosServerHost.Session(await Login(Email, Password));
    }

    [Fact]
    public async Task Changing_it_needs_the_present_one_or_a_fresh_sign_in_by_code()
    {
        await Set(_ada, Password);
        var byPassword = await SosServerHost.Session(await Login(Email, Password));
        await SosServerHost.IsProblem(await Set(byPassword, Other), 403, "recent-sign-in-required");
        await SosServerHost.IsProblem(await Set(byPassword, Other, Other), 422, "invalid");
        Assert.Equal(HttpStatusCode.NoContent, (await Set(byPassword, Other, Password)).StatusCode);
        await SosServerHost.IsProblem(await Login(Email, Password), 401, "wrong-password");

        _server.Time.Advance(TimeSpan.FromMinutes(15));
        var old = await SosServerHost.Session(await _server.Refresh(_ada.RefreshToken));
        await SosServerHost.IsProblem(await Set(old, Password), 403, "recent-sign-in-required");
        Assert.Equal(HttpStatusCode.NoContent, (await Set(await ByCode(), Password)).StatusCode);
        await SosServerHost.Session(await Login(Email, Password));
    }

    [Theory]
    [InlineData("too short")]
    [InlineData("adaadaada adaada")]
    [InlineData("correct horse battery staple")]
    public async Task A_password_that_others_would_try_is_refused_with_the_reason(string password)
    {
        using var answer = await Set(_ada, password);
        await SosServerHost.IsProblem(answer, 422, "invalid");
        Assert.Contains("password", (await SosServerHost.Json(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_without_an_email_address_has_none() => await SosServerHost.IsProblem(await Set(await _server.SignIn(1), Password), 422, "invalid");

    [Fact]
    public async Task An_inactive_account_is_told_so_only_to_who_knows_the_password()
    {
        await Set(_ada, Password);
        var admin = await _server.Bootstrap();
        using (await _server.Send(HttpMethod.Patch, $"api/v1/admin/users/{_ada.User!.Id}", """{"active":false}""", "Bearer " + admin.AccessToken)) { }
        await SosServerHost.IsProblem(await Login(Email, Other), 401, "wrong-password");
        await SosServerHost.IsProblem(await Login(Email, Password), 403, "account-inactive");
    }

    [Fact]
    public async Task Its_owner_is_told_and_no_file_holds_it()
    {
        await Set(_ada, Password);
        using var answer = await _server.Http.GetAsync("dev/messages?to=" + Uri.EscapeDataString(Email));
        Assert.StartsWith("How you sign in has changed", (await SosServerHost.Json(answer)).GetProperty("messages")[0].GetProperty("body").GetString(), StringComparison.Ordinal);
        await _server.Stop();
        foreach (var file in Directory.GetFiles(_server.DataDirectory, "*", SearchOption.AllDirectories))
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Password)) < 0, file);
        await _server.Start();
    }

    /// <summary>RFC 7914, section 12.</summary>
    [Theory]
    [InlineData("", "", 4, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 10, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 14, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void The_examples_of_rfc_7914_are_met(string password, string salt, int logN, int r, int p, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(Scrypt.Derive(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), logN, r, p, 64)));

    [Fact]
    public async Task A_hash_has_its_own_salt_and_is_outdated_when_its_cost_is()
    {
        using var cheap = new PasswordHash(Options.Create(new IdentityOptions { PasswordCost = 8 }));
        using var usual = new PasswordHash(Options.Create(new IdentityOptions { PasswordCost = 10 }));
        var made = await cheap.Make("key"u8.ToArray());
        Assert.StartsWith("$scrypt$ln=8,r=8,p=3$", made, StringComparison.Ordinal);
        Assert.NotEqual(made, await cheap.Make("key"u8.ToArray()));
        Assert.True(await usual.Fits("key"u8.ToArray(), made));
        Assert.False(await usual.Fits("Key"u8.ToArray(), made));
        Assert.False(await usual.Fits("key"u8.ToArray(), usual.OfNothing()));
        Assert.Equal((false, true), (cheap.IsOutdated(made), usual.IsOutdated(made)));
        Assert.Equal(15, new IdentityOptions().PasswordCost);
    }

    [Fact]
    public async Task A_hash_of_another_cost_is_made_anew_at_the_next_sign_in()
    {
        var user = _ada.User!.Id;
        using var cheap = new PasswordHash(Options.Create(new IdentityOptions { PasswordCost = 4 }));
        var grain = _server.Services.GetRequiredService<IGrainFactory>().GetGrain<IPasswordGrain>(user);
        await grain.Set(await cheap.Make(_server.Services.GetRequiredService<IdentitySeals>().PasswordKey(Password)));
        await SosServerHost.Session(await Login(Email, Password));
        Assert.StartsWith("$scrypt$ln=8,", await grain.Begin(), StringComparison.Ordinal);
        await SosServerHost.Session(await Login(Email, Password));
    }

    private async Task<SessionAnswer> ByCode() => await SosServerHost.Session(await _server.Verify(await _server.AskForCode(Email), await _server.CodeOf(Email)));

    private Task<HttpResponseMessage> Login(string email, string password) => _server.Send(HttpMethod.Post, "api/v1/auth/login", $$"""{"email":"{{email}}","password":"{{password}}"}""");

    private Task<HttpResponseMessage> Set(SessionAnswer who, string password, string? current = null) => _server.Send(
        HttpMethod.Put, "api/v1/auth/password", current is null ? $$"""{"password":"{{password}}"}""" : $$"""{"password":"{{password}}","current":"{{current}}"}""", "Bearer " + who.AccessToken);
}
