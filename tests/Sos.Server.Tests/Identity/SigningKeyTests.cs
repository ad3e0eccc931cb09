using System.Security.Cryptography;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Server.Hosting;
using Sos.Server.Identity;
using Sos.TestKit;

namespace Sos.Server.Tests.Identity;

/// <summary>Keys of access tokens: made, rotated with overlap, retired.</summary>
public sealed class SigningKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SessionView _session;

    public SigningKeyTests()
    {
        TestKeys.Put(_folder.Path);
        _session = new SessionView(Guid.NewGuid(), Guid.NewGuid(), null, _time.GetUtcNow(), _time.GetUtcNow(), 0);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_signs_for_90_days_and_verifies_a_day_longer_and_the_next_is_known_a_day_before()
    {
        using var keys = Load();
        var first = keys.Current;
        _time.Advance(TimeSpan.FromDays(89) - TimeSpan.FromHours(1));
        keys.Rotate();
        Assert.Single(keys.All);

        _time.Advance(TimeSpan.FromHours(2));
        keys.Rotate();
        Assert.Equal([first.Id], keys.All.Select(key => key.Id).Take(1));
        Assert.Equal(2, keys.All.Count());
        Assert.Equal(first.Id, keys.Current.Id);

        _time.Advance(TimeSpan.FromDays(1));
        var second = keys.Current;
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotNull(keys.Find(first.Header));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Null(keys.Find(first.Header));
        Assert.NotNull(keys.Find(second.Header));
        keys.Rotate();
        Assert.Single(Files());
    }

    [Fact]
    public void A_token_of_the_last_key_is_good_inside_the_overlap_only_and_none_can_be_signed_with_it_any_more()
    {
        using var keys = Load();
        var tokens = new AccessTokens(keys, _time, AccessTokenTests.Settings);
        _time.Advance(TimeSpan.FromDays(89));
        keys.Rotate();
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(5));
        var (old, _) = tokens.Issue(_session, Roles.User);
        using var stolen = RSA.Create();
        stolen.ImportFromPem(File.ReadAllText(Files()[0]));
        var (header, claims) = (TokenForge.Json(old.Split('.')[0]), TokenForge.Json(old.Split('.')[1]));

        _time.Advance(TimeSpan.FromMinutes(7));
        Assert.NotNull(tokens.Read(old));
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        (claims["iat"], claims["nbf"], claims["exp"]) = (now, now, now + 600);
        Assert.Null(tokens.Read(TokenForge.Sign(header.ToJsonString(), claims.ToJsonString(), TokenForge.Rs256(stolen))));

        _time.Advance(TimeSpan.FromDays(1));
        Assert.Null(tokens.Read(old));
    }

    [Fact]
    public void Two_processes_on_one_folder_sign_with_the_same_next_key()
    {
        using var one = Load();
        using var other = Load();
        _time.Advance(TimeSpan.FromDays(89));
        Parallel.Invoke(one.Rotate, other.Rotate);
        one.Rotate();
        other.Rotate();
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(one.Current.Id, other.Current.Id);
    }

    [Fact]
    public void A_first_key_that_another_process_made_in_the_same_moment_is_found_when_a_token_of_it_comes()
    {
        using var one = Load();
        var first = one.Current;
        _time.Advance(TimeSpan.FromSeconds(1));
        using var made = RSA.Create(2048);
        File.WriteAllText(Path.Combine(_folder.Path, "keys", $"signing-{_time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.pem"), made.ExportPkcs8PrivateKeyPem());
        using var other = Load();
        Assert.NotEqual(first.Id, other.Current.Id);
        Assert.NotNull(one.Find(other.Current.Header));
        Assert.NotNull(other.Find(first.Header));
        Assert.Equal(other.Current.Id, one.Current.Id);
    }

    [Fact]
    public void Headers_that_nobody_knows_do_not_have_the_folder_read_again_and_again()
    {
        using var keys = Load();
        Assert.Null(keys.Find("unknown"));
        foreach (var file in Files()) File.Delete(file);
        Assert.Null(keys.Find("unknown"));
        Assert.NotNull(keys.Find(keys.Current.Header));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(keys.Find("unknown"));
        Assert.NotNull(keys.Find(keys.Current.Header));
    }

    [Fact]
    public void The_key_of_a_service_that_did_not_rotate_goes_on_signing()
    {
        var pem = File.ReadAllText(Path.Combine(_folder.Path, "keys", "signing.pem"));
        using var keys = Load();
        using var restarted = Load();
        Assert.Equal(keys.Current.Id, restarted.Current.Id);
        Assert.Equal(pem, File.ReadAllText(Assert.Single(Files())));
    }

    [Fact]
    public void A_clock_that_was_set_back_still_has_a_key_that_signs()
    {
        using var keys = Load();
        using var earlier = new SigningKeys(AccessTokenTests.Keys(_folder.Path), new ManualTimeProvider(_time.GetUtcNow().AddYears(-1)), AccessTokenTests.Settings);
        Assert.Equal(keys.Current.Id, earlier.Current.Id);
    }

    [Fact]
    public void A_weak_damaged_or_misnamed_key_ends_the_start_with_one_sentence()
    {
        var path = Path.Combine(_folder.Path, "keys", "signing.pem");
        using (var weak = RSA.Create(1024)) File.WriteAllText(path, weak.ExportPkcs8PrivateKeyPem());
        Assert.Contains("1024 bits", Assert.Throws<StartupException>(Load).Message, StringComparison.Ordinal);
        File.WriteAllText(Files()[0], "not a key");
        Assert.Contains("cannot be read", Assert.Throws<StartupException>(Load).Message, StringComparison.Ordinal);
        File.Move(Files()[0], Path.Combine(_folder.Path, "keys", "signing-old.pem"));
        Assert.Contains("signing-old.pem", Assert.Throws<StartupException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_services_own_account_may_read_a_key()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        using var made = new SigningKeys(AccessTokenTests.Keys(folder.Path), _time, AccessTokenTests.Settings);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Directory.GetFiles(Path.Combine(folder.Path, "keys")).Single()));
    }

    private SigningKeys Load() => new(AccessTokenTests.Keys(_folder.Path), _time, AccessTokenTests.Settings);

    private string[] Files() => [.. Directory.GetFiles(Path.Combine(_folder.Path, "keys"), "signing-*.pem").Order(StringComparer.Ordinal)];
}
