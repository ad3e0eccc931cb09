using System.Collections.Immutable;
using System.Security.Cryptography;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Server.MadeUp;

namespace Sos.Server.Demo;

/// <summary>A visitor's side, with the link that opens it.</summary>
/// <param name="Member">As whom.</param>
/// <param name="Role">Name of the side.</param>
/// <param name="Words">What one does there.</param>
/// <param name="Key">Secret of this start; who has it is signed in.</param>
/// <param name="Place">Where the visitor stands in the city.</param>
internal sealed record Side(CastMember Member, string Role, string Words, string Key, GeoPoint Place);

/// <summary>Everybody in the demo: four visitors, responders, and people who press now and then.</summary>
internal sealed class DemoCast
{
    private const int Responders = 40;
    private const int Callers = 40;
    private const Capabilities Everything = Capabilities.Medical | Capabilities.Safety | Capabilities.Fire;

    private static readonly string[] Names =
    [
        "Ada", "Amir", "Anouk", "Ben", "Bruna", "Chidi", "Dana", "Diego", "Elif", "Emre", "Farah", "Femi", "Gita", "Hana", "Hugo", "Ines", "Ivo", "Jun",
        "Kaya", "Lena", "Leo", "Lucia", "Mads", "Mika", "Nia", "Noor", "Olga", "Omar", "Pavel", "Quinn", "Rosa", "Rui", "Sami", "Sina", "Tess", "Tomas",
        "Uma", "Vera", "Yara", "Zoe",
    ];

    private readonly IGrainFactory _grains;

    public DemoCast(IGrainFactory grains, DemoCity city)
    {
        _grains = grains;
        var random = new Random(7);
        var place = city.SomewhereOnAStreet(random, within: Distance.FromMetres(700));
        Visitors =
        [
            Side(1, "person", "Robin", Roles.User, "Press SOS and see what is done about it."),
            Side(2, "responder", "Kim", Roles.User | Roles.Responder, "Be asked, go, help."),
            Side(3, "operator", "Alex", Roles.User | Roles.Operator, "Watch the board, assign by hand."),
            Side(4, "admin", "Sasha", Roles.User | Roles.Admin, "The board, and who may be a responder."),
        ];
        MadeUpResponders = [.. Enumerable.Range(0, Responders).Select(i => new CastMember(CastMember.IdOf(100 + i), Names[i % Names.Length], Roles.User | Roles.Responder))];
        MadeUpCallers = [.. Enumerable.Range(0, Callers).Select(i => new CastMember(CastMember.IdOf(1000 + i), Names[(i * 7 + 3) % Names.Length], Roles.User))];
        return;

        Side Side(int number, string role, string name, Roles roles, string words) =>
            new(new CastMember(CastMember.IdOf(number), name, roles), role, words, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), place);
    }

    public ImmutableArray<Side> Visitors { get; }

    public ImmutableArray<CastMember> MadeUpResponders { get; }

    public ImmutableArray<CastMember> MadeUpCallers { get; }

    /// <summary>Everybody who may be seen on duty, by user id.</summary>
    public IEnumerable<CastMember> AllResponders => MadeUpResponders.Append(Visitors.Single(side => side.Role == "responder").Member);

    /// <summary>The visitor's side that a key opens; null for any other text.</summary>
    public Side? Opened(string key) => Visitors.FirstOrDefault(side =>
        CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(side.Key), System.Text.Encoding.UTF8.GetBytes(key)));

    /// <summary>Gives everybody an account and what belongs to her role; again: changes nothing.</summary>
    public async Task Hire()
    {
        foreach (var member in Visitors.Select(side => side.Member).Concat(MadeUpResponders).Concat(MadeUpCallers))
        {
            var user = _grains.GetGrain<IUserGrain>(member.Id);
            await user.Register(new UserRegistration(null, null, member.Roles));
            await user.Update(new ProfileChange(member.Name, null, null));
            if (member.Roles.HasFlag(Roles.Operator)) await user.Grant(new UserGrant(null, ["*"], null));
            if (member.Roles.HasFlag(Roles.Responder) && await _grains.GetGrain<IResponderGrain>(member.Id).View() is null)
                await _grains.GetGrain<IResponderGrain>(member.Id).Clear(new ResponderClearance(true, Everything, member.Name));
        }
    }
}
