using System.Globalization;
using System.Text;
using Sos.Server.Tests.Alerts;
using Sos.Server.Tests.Alerts.Media;
using Sos.TestKit;

namespace Sos.Server.Tests.Access;

/// <summary>What is sent to each route so that nothing but access decides: valid where it may go through, harmless where it does.</summary>
internal static class AccessRequests
{
    private const string Here = """{"latitude":40.12,"longitude":-75.34,"accuracy":10}""";
    public const string Zone = """{"type":"Feature","properties":{"name":"Docks","radiusMeters":200},"geometry":{"type":"Point","coordinates":[-75.34,40.12]}}""";
    private const string Stale = """{"version":0}""";
    private static int _numbers = 10_000;

    private static readonly Dictionary<string, Func<string>> Bodies = new()
    {
        ["POST /api/v1/auth/otp"] = static () => """{"phone":"+15558000001"}""",
        ["POST /api/v1/auth/otp/resend"] = static () => """{"sessionId":"AAAA"}""",
        ["POST /api/v1/auth/verify"] = static () => """{"sessionId":"AAAA","code":"123456"}""",
        ["POST /api/v1/auth/login"] = static () => """{"email":"nobody","password":"seven herons cross the quiet weir"}""",
        ["POST /api/v1/auth/refresh"] = static () => """{"refreshToken":"AAAA"}""",
        ["POST /api/v1/auth/bootstrap"] = static () => """{"token":"a wrong one","phone":"+15558000001"}""",
        ["POST /api/v1/auth/second-factor/confirm"] = static () => """{"code":"no code"}""",
        ["POST /api/v1/auth/second-factor/verify"] = static () => """{"code":"no code"}""",
        ["PUT /api/v1/auth/password"] = static () => """{"password":"seven herons cross the quiet weir"}""",
        ["POST /api/v1/apps"] = static () => """{"name":"Walk home","redirectUris":["https://app.example.org/back"],"scopes":["alerts:read"]}""",
        ["POST /api/v1/oauth/authorize"] = static () => """{"clientId":"01890000-0000-7000-8000-000000000001","redirectUri":"https://app.example.org/back","scope":"alerts:read","codeChallenge":"x","codeChallengeMethod":"S256"}""",
        ["POST /api/v1/users/me/position"] = static () => Here,
        ["POST /api/v1/users/me/positions"] = static () => $$"""{"positions":[{{Here}}]}""",
        ["POST /api/v1/users/me/contacts"] = static () => $$"""{"name":"Grace","phone":"{{Number()}}"}""",
        ["PATCH /api/v1/users/me/contacts/{id:guid}"] = static () => """{"relationship":"sister"}""",
        ["POST /api/v1/users/me/blocks"] = static () => $$"""{"phone":"{{Number()}}"}""",
        ["POST /api/v1/contact-links/invitation"] = static () => """{"token":"AAAA"}""",
        ["POST /api/v1/contact-links/answer"] = static () => """{"token":"AAAA","accepts":true}""",
        ["PUT /api/v1/users/me/age"] = static () => """{"isOfAge":true}""",
        ["PUT /api/v1/users/me/guardian"] = static () => $$"""{"phone":"{{Number()}}"}""",
        ["POST /api/v1/contact-links/guardian"] = static () => """{"token":"AAAA"}""",
        ["POST /api/v1/contact-links/guardian/answer"] = static () => """{"token":"AAAA","accepts":true,"wording":1}""",
        ["POST /api/v1/contact-links/relatives/refuse"] = static () => """{"token":"AAAA"}""",
        ["POST /api/v1/contact-links/alert"] = static () => """{"token":"AAAA"}""",
        ["POST /api/v1/responders/me/application"] = static () => """{"capabilities":["medical"],"displayName":"Vera","credentials":[]}""",
        ["POST /api/v1/admin/responders/{id:guid}"] = static () => """{"cleared":true,"capabilities":["medical"],"displayName":"Vera"}""",
        ["PATCH /api/v1/alerts/{id:guid}"] = static () => """{"note":"more"}""",
        ["PUT /api/v1/alerts/{id:guid}/hold"] = static () => """{"days":30}""",
        ["POST /api/v1/alerts/{id:guid}/position"] = static () => Here,
        ["POST /api/v1/alerts/{id:guid}/accept"] = static () => Stale,
        ["POST /api/v1/alerts/{id:guid}/decline"] = static () => Stale,
        ["POST /api/v1/alerts/{id:guid}/en-route"] = static () => Stale,
        ["POST /api/v1/alerts/{id:guid}/on-scene"] = static () => Stale,
        ["POST /api/v1/alerts/{id:guid}/resolve"] = static () => Stale,
        ["POST /api/v1/alerts/{id:guid}/receipts"] = static () => """{"seen":true}""",
        ["POST /api/v1/admin/actions"] = static () => """{"alertId":"{id}","action":"note","reason":"why"}""",
        ["PUT /api/v1/responders/me"] = static () => """{"onDuty":true,"capacity":10}""",
        ["POST /api/v1/responders/me/position"] = static () => Here,
        ["PATCH /api/v1/users/me/zones"] = static () => """{"watching":true}""",
        ["POST /api/v1/users/me/zones/entries"] = static () => """{"entries":[]}""",
        ["POST /api/v1/contact/notify"] = static () => """{"contact_id":"{id}","type":"red_zone_alert","latitude":40.12,"longitude":-75.34}""",
        ["POST /api/v1/users/me/trackers"] = static () => """{"name":"Watch","kind":"traccar"}""",
        ["PATCH /api/v1/users/me/trackers/{id:guid}"] = static () => """{"showsRelatives":true}""",
        ["POST /api/v1/relatives/add"] = static () => $$"""{"phoneNumber":"{{Number()}}","name":"Vera"}""",
        ["POST /api/v1/relatives/toggle-sharing"] = static () => """{"enabled":false}""",
        ["POST /api/v1/relatives/location"] = static () => Here,
        ["PUT /api/v1/relatives/{who}"] = static () => """{"notes":"sister"}""",
        ["POST /api/v1/relatives/requests/{id:guid}/answer"] = static () => """{"precision":"approximate"}""",
        ["PUT /api/v1/users/me/trail"] = static () => """{"keepHours":12}""",
        ["PUT /api/v1/relatives/{who}/sharing"] = static () => """{"enabled":true}""",
        ["POST /api/v1/relatives/groups"] = Group,
        ["PUT /api/v1/relatives/groups/{id:guid}"] = Group,
        ["PUT /api/v1/relatives/groups/{id:guid}/sharing"] = static () => """{"enabled":true}""",
        ["POST /api/v1/zones"] = static () => Zone,
        ["PUT /api/v1/zones/{id:guid}"] = static () => Zone,
        ["PUT /api/v1/zones/{id:guid}/publication"] = static () => """{"category":"safety"}""",
        ["POST /api/v1/zones/import"] = static () => """{"type":"FeatureCollection","features":[]}""",
    };

    private static readonly Dictionary<string, string> Queries = new()
    {
        ["GET /api/v1/responders"] = "?latitude=40.12&longitude=-75.34",
        ["GET /api/v1/zones"] = "?bbox=-76,40,-75,41",
    };

    /// <summary>Routes that use their object up when they go through.</summary>
    private static readonly HashSet<string> Consuming = ["POST /api/v1/alerts/{id:guid}/cancel", "DELETE /api/v1/auth/sessions/{id:guid}", "DELETE /api/v1/users/me/contacts/{id:guid}", "DELETE /api/v1/zones/{id:guid}", "DELETE /api/v1/relatives/{who}", "DELETE /api/v1/relatives/groups/{id:guid}"];

    /// <summary>Routes that end the caller's sessions or account: another of hers, or another account, is sent to them.</summary>
    private static readonly HashSet<string> Ending = ["POST /api/v1/auth/logout", "DELETE /api/v1/auth/sessions", "DELETE /api/v1/users/me"];

    public static string? Body(AccessTarget target) => Bodies.TryGetValue(target.ToString(), out var body) ? body() : target.Method is "GET" or "DELETE" ? null : "{}";

    /// <summary>A photo or an official warning where the route takes one; null: see <see cref="Body"/>.</summary>
    public static HttpContent? File(AccessTarget target)
    {
        if (target.ToString() == "POST /api/v1/admin/cap") return Warning();
        if (target.ToString() != "POST /api/v1/alerts/{id:guid}/attachments") return null;
        var photo = new ByteArrayContent(SampleMedia.Jpeg());
        photo.Headers.ContentType = Uploads.Type("image/jpeg");
        return photo;
    }

    public static string Path(AccessTarget target, Guid id) =>
        target.Route.TrimStart('/').Replace("{id:guid}", id.ToString(), StringComparison.Ordinal).Replace("{attachmentId:guid}", id.ToString(), StringComparison.Ordinal).Replace("{number:int}", "1", StringComparison.Ordinal)
            .Replace("{who}", id.ToString(), StringComparison.Ordinal).Replace("{ticket}", "AAAA", StringComparison.Ordinal).Replace("{token}", "AAAA", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal)
        + Queries.GetValueOrDefault(target.ToString());

    public static bool Consumes(AccessTarget target) => Consuming.Contains(target.ToString());

    public static bool Ends(AccessTarget target) => Ending.Contains(target.ToString());

    /// <summary>A group of a name that was not used before.</summary>
    public static string Group() => $$"""{"name":"Family {{Number()}}","members":[]}""";

    /// <summary>An official warning that did not come before.</summary>
    public static HttpContent Warning() => new StringContent(SampleWarnings.Text(DateTimeOffset.UtcNow, $"A{Interlocked.Increment(ref _numbers)}"), Encoding.UTF8, "application/cap+xml");

    /// <summary>A phone number that was not used before.</summary>
    public static string Number() => string.Create(CultureInfo.InvariantCulture, $"+4930{Interlocked.Increment(ref _numbers):D7}");
}
