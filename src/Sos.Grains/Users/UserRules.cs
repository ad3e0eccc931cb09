using Sos.Contracts.Users;

namespace Sos.Grains.Users;

/// <summary>What may change in an account, and how.</summary>
internal static class UserRules
{
    /// <summary>Alerts remembered of each sort: more than anybody has at once, few enough for a small record.</summary>
    public const int MostAlerts = 16;

    /// <summary>Positions older than this are never shown or used.</summary>
    public static readonly TimeSpan PositionLife = TimeSpan.FromMinutes(30);

    /// <summary>Makes the account; false when it is there already.</summary>
    public static bool Register(UserState state, UserRegistration registration, DateTimeOffset now)
    {
        if (state.CreatedAt is not null || state.ErasedAt is not null) return false;
        state.CreatedAt = now;
        state.Phone = registration.Phone;
        state.Email = registration.Email;
        state.Roles = registration.Roles | Roles.User;
        return true;
    }

    /// <summary>
    /// What remains of a deleted account, under another key: writing it destroys the present one. Null: there is nothing, or it was done before.
    /// </summary>
    public static UserState? Erase(UserState state, DateTimeOffset now) =>
        state.CreatedAt is null ? null : new UserState { ErasedAt = now, KeyGeneration = (byte)(state.KeyGeneration + 1) };

    /// <summary>Changes what the person may change herself.</summary>
    public static void Update(UserState state, ProfileChange change)
    {
        state.FullName = change.FullName ?? state.FullName;
        state.Company = change.Company ?? state.Company;
        state.Language = change.Language ?? state.Language;
    }

    /// <summary>Changes what is kept and shown; false when nothing changes.</summary>
    public static bool Choose(UserState state, PrivacyChange change)
    {
        var before = Choices(state);
        state.HideRoute = change.HideRoute ?? state.HideRoute;
        state.EraseAtClose = change.EraseAtClose ?? state.EraseAtClose;
        return Choices(state) != before;
    }

    /// <summary>What is kept and shown.</summary>
    public static PrivacyChoices Choices(UserState state) => new(state.HideRoute, state.EraseAtClose);

    /// <summary>Changes what administrators grant. Everybody stays a user.</summary>
    public static void Grant(UserState state, UserGrant grant)
    {
        if (grant.Roles is { } roles) state.Roles = roles | Roles.User;
        if (grant.Areas is { IsDefault: false } areas) state.Areas = [.. areas];
        if (grant.Active is { } active) state.Inactive = !active;
    }

    /// <summary>
    /// Keeps in mind that an alert of hers is open or has closed; false when nothing changes. An alert's outbox may tell the opening
    /// once more after the close: a closed alert stays closed.
    /// </summary>
    public static bool Note(UserState state, Guid alertId, bool open)
    {
        if (state.ErasedAt is not null) return false;
        if (open)
        {
            if (state.OpenAlerts.Contains(alertId) || state.ClosedAlerts.Contains(alertId)) return false;
            Push(state.OpenAlerts, alertId);
            return true;
        }

        var wasOpen = state.OpenAlerts.Remove(alertId);
        if (state.ClosedAlerts.Contains(alertId)) return wasOpen;
        Push(state.ClosedAlerts, alertId);
        return true;
    }

    /// <summary>The account as others see it; null while nobody has signed in.</summary>
    public static UserProfile? Profile(Guid id, UserState state) => state.CreatedAt is { } created
        ? new UserProfile(id, state.Phone, state.Email, state.FullName, state.Company, state.Language, state.Roles, [.. state.Areas], !state.Inactive, created)
        : null;

    private static void Push(List<Guid> alerts, Guid alertId)
    {
        if (alerts.Count == MostAlerts) alerts.RemoveAt(0);
        alerts.Add(alertId);
    }
}
