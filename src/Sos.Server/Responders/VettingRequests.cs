using System.Diagnostics.CodeAnalysis;
using Sos.Contracts.Responders;
using Sos.Grains.Responders;
using Sos.Server.Http;

namespace Sos.Server.Responders;

/// <summary>Somebody asks to be a responder.</summary>
/// <param name="Capabilities">medical, safety, fire, aed. Whoever wants to be sent to safety alerts says so here.</param>
/// <param name="DisplayName">First name, shown to people she helps; 1 to 60 characters.</param>
/// <param name="Credentials">At most ten; the papers are shown to those who check them, not sent.</param>
public sealed record ApplicationRequest(IReadOnlyList<string> Capabilities, string DisplayName, IReadOnlyList<CredentialEntry> Credentials)
{
    internal const int LongestName = 60;
    private const int LongestKind = 60;
    private const int LongestReference = 120;

    internal bool TryRead([NotNullWhen(true)] out ApplicationDraft? draft, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (draft, problem) = (null, null);
        var name = DisplayName.Trim();
        if (!CapabilityNames.TryRead(Capabilities, out var capabilities)) problem = ProblemResult.Invalid("capabilities are medical, safety, fire, aed.");
        else if (!IsText(name, LongestName)) problem = ProblemResult.Invalid("displayName must have 1 to 60 characters.");
        else if (Credentials.Count > ApplicationDraft.MostCredentials) problem = ProblemResult.Invalid("credentials are at most 10.");
        else if (!Credentials.All(c => IsText(c.Kind.Trim(), LongestKind) && IsText(c.Reference.Trim(), LongestReference)))
            problem = ProblemResult.Invalid("A credential has a kind of 1 to 60 and a reference of 1 to 120 characters.");
        else draft = new ApplicationDraft(capabilities, name, [.. Credentials.Select(c => new Credential(c.Kind.Trim(), c.Reference.Trim(), c.ValidUntil))]);
        return draft is not null;
    }

    private static bool IsText(string text, int longest) => text.Length > 0 && text.Length <= longest && !text.Any(char.IsControl);
}

/// <summary>What somebody shows to prove that she can help.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Reference">Number and issuer.</param>
/// <param name="ValidUntil">When it ends.</param>
public sealed record CredentialEntry(string Kind, string Reference, DateOnly? ValidUntil = null);

/// <summary>An administrator vouches for an applicant, or suspends a responder.</summary>
/// <param name="Cleared">True: identity and credentials are checked. False: suspended at once.</param>
/// <param name="Capabilities">What she vouches for, at most what was applied for: medical, safety, fire, aed.</param>
/// <param name="DisplayName">First name; the application's counts where there is one.</param>
/// <param name="ValidUntil">Until when; left out: as long as the service allows (<c>Sos:Responders:LongestClearance</c>).</param>
/// <param name="Revision">The application she has looked at; refused when there is a newer one.</param>
public sealed record ClearanceRequest(bool Cleared, IReadOnlyList<string> Capabilities, string DisplayName, DateTimeOffset? ValidUntil = null, int? Revision = null);

/// <summary>A person's clearance and her newest application.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Clearance">none, admitted, suspended, expired.</param>
/// <param name="Capabilities">Cleared.</param>
/// <param name="ValidUntil">End of the clearance.</param>
/// <param name="Application">Left out when there is none any more.</param>
public sealed record VettingStanding(Guid UserId, Clearance Clearance, IReadOnlyList<string> Capabilities, DateTimeOffset? ValidUntil, ApplicationStanding? Application)
{
    internal static VettingStanding Of(VettingView view, ResponderOptions options, bool toStaff) => new(
        view.User, view.Clearance, CapabilityNames.Of(view.Capabilities), view.ValidUntil,
        view.Application is { } a ? ApplicationStanding.Of(a, options, toStaff) : null);
}

/// <summary>An application.</summary>
/// <param name="Revision">Grows with each application of this person.</param>
/// <param name="Capabilities">Applied for.</param>
/// <param name="DisplayName">First name.</param>
/// <param name="Credentials">What she shows.</param>
/// <param name="At">When.</param>
/// <param name="Approvals">How many administrators have vouched.</param>
/// <param name="Needed">How many it takes.</param>
/// <param name="ApprovedBy">Who has; administrators only.</param>
/// <param name="RefusedAt">When it was refused.</param>
public sealed record ApplicationStanding(
    int Revision,
    IReadOnlyList<string> Capabilities,
    string DisplayName,
    IReadOnlyList<CredentialEntry> Credentials,
    DateTimeOffset At,
    int Approvals,
    int Needed,
    IReadOnlyList<Guid>? ApprovedBy,
    DateTimeOffset? RefusedAt)
{
    internal static ApplicationStanding Of(Application a, ResponderOptions options, bool toStaff) => new(
        a.Revision, CapabilityNames.Of(a.Capabilities), a.DisplayName, [.. a.Credentials.Select(c => new CredentialEntry(c.Kind, c.Reference, c.ValidUntil))], a.At,
        a.ApprovedBy.Length, options.Approvals, toStaff ? a.ApprovedBy : null, a.RefusedAt);
}

/// <summary>Who waits to be vetted.</summary>
/// <param name="Items">Oldest first, at most 500.</param>
public sealed record ApplicantList(IReadOnlyList<ApplicantEntry> Items);

/// <summary>Somebody who waits.</summary>
/// <param name="UserId">Who.</param>
/// <param name="At">Since when.</param>
public sealed record ApplicantEntry(Guid UserId, DateTimeOffset At);
