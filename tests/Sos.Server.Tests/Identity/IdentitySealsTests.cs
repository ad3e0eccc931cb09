using Sos.Server.Identity;

namespace Sos.Server.Tests.Identity;

public sealed class IdentitySealsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IdentitySeals _seals;
    private readonly Guid _session = Guid.CreateVersion7();
    private readonly Guid _user = Guid.CreateVersion7();

    private readonly CodeTicket _ticket = new(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch.AddDays(20_000), "+49301234567");

    public IdentitySealsTests() => _seals = new IdentitySeals(AccessTokenTests.Keys(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_refresh_token_names_session_and_number_and_is_the_same_after_a_restart()
    {
        var token = _seals.RefreshToken(_session, 7);
        var restarted = new IdentitySeals(AccessTokenTests.Keys(_folder.Path));
        Assert.Equal(token, restarted.RefreshToken(_session, 7));
        Assert.True(restarted.TryOpenRefresh(token, out var session, out var generation));
        Assert.Equal((_session, 7), (session, generation));
    }

    [Fact]
    public void Any_changed_character_of_a_sealed_text_makes_it_worthless()
    {
        string[] texts = [_seals.RefreshToken(_session, 7), _seals.SosCredential(_session, _user), _seals.SealTicket(_ticket)];
        foreach (var text in texts)
        {
            // The last character may hold bits that belong to no byte.
            for (var i = 0; i < text.Length - 1; i++)
            {
                var changed = string.Concat(text.AsSpan(0, i), text[i] == 'A' ? "B" : "A", text.AsSpan(i + 1));
                Assert.False(_seals.TryOpenRefresh(changed, out _, out _) || _seals.TryOpenSos(changed, out _, out _) || _seals.TryOpenTicket(changed, out _));
            }
        }
    }

    [Fact]
    public void One_sort_of_sealed_text_does_not_pass_for_another()
    {
        var (refresh, credential, ticket) = (_seals.RefreshToken(_session, 7), _seals.SosCredential(_session, _user), _seals.SealTicket(_ticket));
        Assert.False(_seals.TryOpenRefresh(credential, out _, out _) || _seals.TryOpenRefresh(ticket, out _, out _));
        Assert.False(_seals.TryOpenSos(refresh, out _, out _) || _seals.TryOpenSos(ticket, out _, out _));
        Assert.False(_seals.TryOpenTicket(refresh, out _) || _seals.TryOpenTicket(credential, out _));
    }

    [Fact]
    public void A_ticket_is_opened_as_it_was_sealed()
    {
        Assert.True(_seals.TryOpenTicket(_seals.SealTicket(_ticket), out var ticket));
        Assert.Equal(_ticket, ticket);
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all!")]
    public void Rubbish_is_refused(string text) =>
        Assert.False(_seals.TryOpenRefresh(text, out _, out _) || _seals.TryOpenSos(text, out _, out _) || _seals.TryOpenTicket(text, out _));

    [Fact]
    public void A_very_long_text_is_refused_without_being_decoded() => Assert.False(_seals.TryOpenTicket(new string('A', 10_000_000), out _));

    [Fact]
    public void A_ticket_shows_neither_number_nor_the_key_of_its_grain()
    {
        var ticket = TokenForge.Decode(_seals.SealTicket(_ticket));
        Assert.DoesNotContain("4930", System.Text.Encoding.Latin1.GetString(ticket), StringComparison.Ordinal);
        Assert.NotEqual(_seals.SealTicket(_ticket), _seals.SealTicket(_ticket));
    }

    [Fact]
    public void Another_data_folder_makes_other_keys()
    {
        using var folder = new TemporaryFolder();
        var other = new IdentitySeals(AccessTokenTests.Keys(folder.Path));
        Assert.NotEqual(_seals.AddressKey("+49301234567"), other.AddressKey("+49301234567"));
        Assert.False(other.TryOpenRefresh(_seals.RefreshToken(_session, 0), out _, out _));
        Assert.NotEqual(_seals.BootstrapToken, other.BootstrapToken);
    }

    [Fact]
    public void The_hash_of_a_code_is_good_in_its_session_only() =>
        Assert.NotEqual(_seals.CodeHash(_session, "123456"), _seals.CodeHash(Guid.CreateVersion7(), "123456"));
}
