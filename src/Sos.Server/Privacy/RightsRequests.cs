using System.Collections.Immutable;

namespace Sos.Server.Privacy;

/// <summary>An account that will be deleted.</summary>
/// <param name="DeletedAt">When; signing in before, or <c>DELETE /users/me/deletion</c>, calls it off.</param>
public sealed record DeletionView(DateTimeOffset DeletedAt);

/// <summary>Who has seen me.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Cursor">For the next page, which may be empty and go on; left out at the end.</param>
public sealed record SeenPage(ImmutableArray<SeenEntry> Items, string? Cursor);

/// <summary>Somebody who has seen where I was or what is kept of me, or could.</summary>
/// <param name="At">When; for a board, when she began to look.</param>
/// <param name="By">Her part. Staff is named by role: a name would make a person in an office a target.</param>
/// <param name="What">What she saw.</param>
/// <param name="AlertId">In which alert of mine; left out where it was none.</param>
/// <param name="Name">First name of a responder, as it was shown to me during the alert; what I call a relative.</param>
/// <param name="Reason">Why, in her words or those of the service; left out where the alert was the reason.</param>
public sealed record SeenEntry(DateTimeOffset At, SeenBy By, SeenWhat What, Guid? AlertId = null, string? Name = null, string? Reason = null);

/// <summary>Part of somebody who has seen me.</summary>
public enum SeenBy
{
    /// <summary>Staff whose role is gone by now.</summary>
    Staff,

    /// <summary>An operator.</summary>
    Operator,

    /// <summary>An administrator.</summary>
    Administrator,

    /// <summary>A responder.</summary>
    Responder,

    /// <summary>My emergency contacts.</summary>
    Contacts,

    /// <summary>A relative to whom I show myself.</summary>
    Relative,
}

/// <summary>What was seen.</summary>
public enum SeenWhat
{
    /// <summary>My alert, with where I was.</summary>
    Alert,

    /// <summary>Where I went during it.</summary>
    Route,

    /// <summary>Who was considered for it, and how far away they were.</summary>
    Candidates,

    /// <summary>The board of the area while my alert was on it.</summary>
    Board,

    /// <summary>My alert, and did something about it.</summary>
    Handled,

    /// <summary>My account.</summary>
    Account,

    /// <summary>My account, and changed something about it.</summary>
    AccountChanged,

    /// <summary>Where I was; at most one entry in ten minutes for each.</summary>
    Place,

    /// <summary>That we were near each other; I was told as well.</summary>
    Nearness,

    /// <summary>Where I went, as far back as I let her see; at most one entry in ten minutes for each.</summary>
    Trail,
}
