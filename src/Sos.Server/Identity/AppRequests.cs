using System.Diagnostics.CodeAnalysis;
using Sos.Contracts.Identity;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>A developer registers an app.</summary>
/// <param name="Name">1 to 60 characters; users see it.</param>
/// <param name="RedirectUris">1 to 10: https, an address of a phone app (<c>com.example.app:/back</c>), or http on 127.0.0.1 or [::1]. Compared letter by letter.</param>
/// <param name="Scopes">What it may ask users for.</param>
/// <param name="Confidential">It runs where it can keep a secret; false: a phone or browser app.</param>
/// <param name="RequestsAMinute">Quota over all of its users; left out: as much as the service allows (<c>Sos:Limits:PerApp</c>).</param>
public sealed record AppRequest(string Name, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> Scopes, bool Confidential = false, int? RequestsAMinute = null)
{
    private const int LongestName = 60;
    private const int LongestUri = 500;
    private const int MostUris = 10;

    internal bool TryRead(Guid owner, string? secretHash, int most, [NotNullWhen(true)] out AppDraft? draft, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (draft, problem) = (null, null);
        var name = Name.Trim();
        var quota = RequestsAMinute ?? most;
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl)) problem = ProblemResult.Invalid("name must have 1 to 60 characters.");
        else if (RedirectUris.Count is 0 or > MostUris || !RedirectUris.All(IsRedirect))
            problem = ProblemResult.Invalid("redirectUris are 1 to 10 absolute addresses without a fragment: https, com.example.app:/back, or http on 127.0.0.1 or [::1].");
        else if (Scopes.Count == 0 || !Scopes.All(AppScopes.All.ContainsKey)) problem = ProblemResult.Invalid($"scopes are some of {string.Join(", ", AppScopes.All.Keys)}.");
        else if (quota < 1 || quota > most) problem = ProblemResult.Invalid($"requestsAMinute must be 1 to {most}.");
        else draft = new AppDraft(owner, name, secretHash, [.. RedirectUris.Distinct(StringComparer.Ordinal)], [.. Scopes.Distinct(StringComparer.Ordinal)], quota);
        return draft is not null;
    }

    /// <summary>True for an address that a code may be sent to (RFC 8252): nobody else on the way or on the device can claim it by accident.</summary>
    internal static bool IsRedirect(string text) =>
        text.Length <= LongestUri && text.All(c => c is > ' ' and < (char)127) && !text.Contains('#', StringComparison.Ordinal)
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps
            || uri.Scheme == Uri.UriSchemeHttp && uri.Host is "127.0.0.1" or "[::1]"
            || uri.Scheme.Contains('.', StringComparison.Ordinal) && !text.Contains("://", StringComparison.Ordinal));
}

/// <summary>An app as its developer sees it.</summary>
/// <param name="ClientId">Client id.</param>
/// <param name="Name">Shown to users.</param>
/// <param name="Confidential">It has a secret.</param>
/// <param name="RedirectUris">Where codes may be sent.</param>
/// <param name="Scopes">What it may ask for.</param>
/// <param name="RequestsAMinute">Quota.</param>
/// <param name="RegisteredAt">When.</param>
/// <param name="ClientSecret">Shown once, in the answer to the registration; kept nowhere.</param>
/// <param name="DeveloperId">Who has registered it; administrators only.</param>
public sealed record AppEntry(
    Guid ClientId, string Name, bool Confidential, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> Scopes, int RequestsAMinute, DateTimeOffset RegisteredAt,
    string? ClientSecret = null, Guid? DeveloperId = null)
{
    internal static AppEntry Of(AppView app, string? secret = null) => new(
        app.Id, app.Draft.Name, app.Draft.SecretHash is not null, app.Draft.RedirectUris, app.Draft.Scopes, app.Draft.RequestsAMinute, app.RegisteredAt, secret);
}

/// <summary>Apps of a developer.</summary>
/// <param name="Items">Oldest first, at most 20.</param>
public sealed record AppList(IReadOnlyList<AppEntry> Items);

/// <summary>An app that the caller has let in.</summary>
/// <param name="ClientId">The app.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="At">When she agreed last.</param>
public sealed record GrantedApp(Guid ClientId, string Name, IReadOnlyList<string> Scopes, DateTimeOffset At);

/// <summary>Apps that the caller has let in.</summary>
/// <param name="Items">Oldest first.</param>
public sealed record GrantedAppList(IReadOnlyList<GrantedApp> Items);

/// <summary>What an app asks a user for (RFC 6749, 4.1.1 and RFC 7636), as the page that the app has opened hands it on.</summary>
/// <param name="ClientId">The app.</param>
/// <param name="RedirectUri">One of its own, letter by letter.</param>
/// <param name="Scope">Scopes, a blank between two.</param>
/// <param name="CodeChallenge">S256 of its verifier.</param>
/// <param name="CodeChallengeMethod">S256.</param>
/// <param name="State">Given back as it is; at most 500 characters.</param>
/// <param name="ResponseType">code.</param>
/// <param name="Approve">The user agrees; false: she does not.</param>
public sealed record AuthorizeRequest(
    Guid ClientId, string RedirectUri, string Scope, string CodeChallenge, string CodeChallengeMethod, string? State = null, string ResponseType = "code", bool Approve = false);

/// <summary>What a user is asked.</summary>
/// <param name="ClientId">The app.</param>
/// <param name="Name">Its name.</param>
/// <param name="RedirectUri">Where she is sent after it.</param>
/// <param name="Scopes">What it wants to do, in words.</param>
public sealed record ConsentQuestion(Guid ClientId, string Name, string RedirectUri, IReadOnlyDictionary<string, string> Scopes);

/// <summary>Where the page goes now.</summary>
/// <param name="RedirectTo">The app's address with the code, or with what went wrong.</param>
public sealed record ConsentAnswer(string RedirectTo);
