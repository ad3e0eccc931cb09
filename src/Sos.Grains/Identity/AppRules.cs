using Sos.Contracts.Identity;

namespace Sos.Grains.Identity;

/// <summary>Which apps a person has let in and made, and how many.</summary>
internal static class AppRules
{
    /// <summary>Apps of one developer.</summary>
    public const int MostOwn = 20;

    /// <summary>Sessions of one app for one person: her devices on which it runs.</summary>
    public const int MostSessions = 5;

    /// <summary>Sessions of all apps for one person.</summary>
    public const int MostGrants = 50;

    /// <summary>Lets an app in; answers the oldest sessions that must make room.</summary>
    public static List<Guid> Grant(AppGrantsState state, AppGrant grant)
    {
        state.Grants.RemoveAll(g => g.Session == grant.Session);
        state.Grants.Add(grant);
        var surplus = state.Grants.Where(g => g.ClientId == grant.ClientId).SkipLast(MostSessions).ToList();
        surplus.AddRange(state.Grants.Except(surplus).SkipLast(MostGrants));
        state.Grants.RemoveAll(surplus.Contains);
        return surplus.ConvertAll(g => g.Session);
    }

    /// <summary>The sessions of an app, or of every app.</summary>
    public static IEnumerable<Guid> Sessions(AppGrantsState state, Guid? clientId) => state.Grants.Where(g => clientId is null || g.ClientId == clientId).Select(g => g.Session);

    /// <summary>Takes an app, or every app, off the list; false when there is nothing of it.</summary>
    public static bool Remove(AppGrantsState state, Guid? clientId) => state.Grants.RemoveAll(g => clientId is null || g.ClientId == clientId) > 0;

    /// <summary>The apps that are let in, each once with what was agreed to last.</summary>
    public static IEnumerable<AppGrant> Newest(AppGrantsState state) => state.Grants.GroupBy(g => g.ClientId).Select(g => g.Last());
}
