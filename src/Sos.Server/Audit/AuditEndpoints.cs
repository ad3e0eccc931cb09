using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Sos.Contracts.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Audit;

/// <summary>Administrators read and check the audit; that they did is an entry too.</summary>
internal static class AuditEndpoints
{
    private const int LongestPage = 200;
    private const int UsualPage = 50;
    private const int MostDays = 31;
    private const string Reading = "reading the audit";

    // By their names in answers.
    private static readonly Dictionary<string, AuditAct> Acts = Enum.GetValues<AuditAct>().ToDictionary(act => JsonNamingPolicy.SnakeCaseLower.ConvertName(act.ToString()));

    public static WebApplicationBuilder AddAudit(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton<AuditReading>();
        return builder;
    }

    public static RouteGroupBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/admin/audit").WithTags("Audit").RequireAuthorization(Policies.Admin);
        audit.MapGet("", List).WithSummary("What staff did and looked at on a day (UTC), newest first");
        audit.MapGet("/verify", Verify).WithSummary("Reckon every hash of some days again; what was changed, removed or reordered is named");
        return audit;
    }

    private static async Task<Results<Ok<AuditPage>, ProblemResult>> List(
        CurrentUser admin, AuditReading reading, AuditTrail trail, TimeProvider time, [FromHeader(Name = StaffReason.Header)] string? why = null,
        DateOnly? day = null, Guid? actor = null, string? act = null, string? subject = null, string? cursor = null, int limit = UsualPage)
    {
        if (limit is < 1 or > LongestPage) return ProblemResult.Invalid("limit must be 1 to 200.");
        AuditAct? wanted = null;
        if (act is not null)
        {
            if (!Acts.TryGetValue(act, out var known)) return ProblemResult.Invalid("act must be one that entries have, like viewed_alert.");
            wanted = known;
        }

        var start = AuditCursor.Start(day ?? Today(time));
        if (cursor is not null && (!AuditCursor.TryParse(cursor, out start) || day is not null && day != start.Day)) return ProblemResult.Invalid("cursor must be one that was answered before.");
        await trail.Record(admin, AuditAct.ViewedAudit, "audit", StaffReason.Or(why, Reading), $"day {start.Day:O}");
        return TypedResults.Ok(await reading.Page(start, new AuditFilter(actor, wanted, subject), limit));
    }

    private static async Task<Results<Ok<AuditReport>, ProblemResult>> Verify(
        CurrentUser admin, AuditReading reading, AuditTrail trail, TimeProvider time, [FromHeader(Name = StaffReason.Header)] string? why = null, DateOnly? from = null, DateOnly? to = null)
    {
        var last = to ?? Today(time);
        var first = from ?? last;
        if (first > last || last.DayNumber - first.DayNumber >= MostDays) return ProblemResult.Invalid("from and to are at most 31 days, the first before the last.");

        // Shows nobody: it is checked also where the audit takes nothing any more.
        await trail.TryRecord(admin, AuditAct.ViewedAudit, "audit", StaffReason.Or(why, Reading), $"verified {first:O} to {last:O}");
        return TypedResults.Ok(await reading.Check(first, last));
    }

    private static DateOnly Today(TimeProvider time) => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
