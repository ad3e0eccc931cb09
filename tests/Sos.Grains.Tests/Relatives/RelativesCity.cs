using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Geo;
using Sos.Contracts.Identity;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Relatives;

/// <summary>A city with people who have numbers, and relations between them.</summary>
internal sealed class RelativesCity : IAsyncDisposable
{
    private int _numbers = 1_000;

    private RelativesCity(CityHost city) => City = city;

    public CityHost City { get; }

    public static async Task<RelativesCity> Start(Action<IServiceCollection>? services = null) => new(await CityHost.Start(services));

    public static string KeyOf(string phone) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(phone)));

    public IRelativesGrain Of(Guid person) => City.Grains.GetGrain<IRelativesGrain>(person);

    public IRelativeHistoryGrain History(Guid person) => City.Grains.GetGrain<IRelativeHistoryGrain>(person);

    public IUserGrain User(Guid person) => City.Grains.GetGrain<IUserGrain>(person);

    /// <summary>A number that nobody has yet.</summary>
    public string Number() => $"+15550{Interlocked.Increment(ref _numbers):D6}";

    /// <summary>Somebody with an account.</summary>
    public async Task<(Guid Id, string Phone)> Person(string name, string? phone = null)
    {
        phone ??= Number();
        var id = await City.Grains.GetGrain<IPhoneGrain>(KeyOf(phone)).Claim();
        await User(id).Register(new UserRegistration(phone, null, Roles.User));
        await User(id).Update(new ProfileChange(name, null, null));
        return (id, phone);
    }

    public static RelativeDraft Draft(string phone, string name = "Ben") => new(phone, KeyOf(phone), name, null, true);

    public Task<RelativeOutcome> Add(Guid person, string phone, string name = "Ben") => Of(person).Add(Draft(phone, name));

    /// <summary>One has added the other, who has agreed; both know it.</summary>
    public async Task Relate(Guid asker, Guid asked, string askedPhone)
    {
        Assert.Equal(RelativeRefusal.None, (await Add(asker, askedPhone)).Refusal);
        await City.Until("she is asked", async () => (await Of(asked).List()).Invitations.Length > 0);
        var invitation = (await Of(asked).List()).Invitations[^1];
        Assert.Equal(RelativeRefusal.None, (await Of(asked).Answer(invitation.Id, true, null)).Refusal);
        await City.Until("both know that both agree", async () => await With(asker, asked) is { State: RelationState.Active });
    }

    /// <summary>One shows herself to another.</summary>
    public async Task Show(Guid person, Guid viewer, SharePrecision precision = SharePrecision.Exact, DateTimeOffset? until = null)
    {
        await Of(person).Toggle(true);
        Assert.Equal(RelativeRefusal.None, (await Of(person).Share((await With(person, viewer))!.Id, new RelativeSharing(true, until, precision))).Refusal);
    }

    public async Task Hide(Guid person, Guid viewer) => await Of(person).Share((await With(person, viewer))!.Id, new RelativeSharing(false, null, SharePrecision.Exact));

    public async Task<Relative?> With(Guid person, Guid other) => (await Of(person).List()).Relatives.FirstOrDefault(r => r.Person == other);

    public async Task<bool> Shows(Guid person, Guid viewer) => (await Of(person).Policy()).Shares.Any(grant => grant.Viewer == viewer);

    public Task Report(Guid person, GeoPoint point) => User(person).Report([new PositionReport(point, Distance.FromMetres(10), City.Now)]);

    public ValueTask DisposeAsync() => City.DisposeAsync();
}
