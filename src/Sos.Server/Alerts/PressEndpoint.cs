using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using Sos.Contracts.Alerts;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Alerts;

/// <summary><c>POST /alerts</c>: the press of the SOS button. Never refused for its form, never rate-limited, never cancelled.</summary>
internal static class PressEndpoint
{
    public static void MapPress(this RouteGroupBuilder alerts) => alerts.MapPost("", Press)
        .WithMetadata(TakenAlways.Mark)
        .WithSummary("SOS")
        .WithDescription("Takes whatever it can read of the body; what it cannot is named in `warnings`. 201: a new alert, durable. 200: the same press "
            + "again, or merged into the alert that is open. Send it again under the same id until one of these comes back.")
        .AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(PressRequest), null, cancellationToken);
            operation.RequestBody = new OpenApiRequestBody { Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
        });

    private static async Task<Results<Created<AlertView>, Ok<AlertView>, ProblemResult>> Press(
        HttpContext context, CurrentUser user, PressDesk desk, TimeProvider time)
    {
        var (buffer, length, warnings) = await PressBody.Read(context);
        var now = time.GetUtcNow();
        var press = PressReader.Read(buffer.AsSpan(0, length), now);
        var key = PressKey.Choose(press.Id, context.Request.Headers["Idempotency-Key"], user.Id, buffer.AsSpan(0, length), now);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        if ((warnings & PressWarnings.BodyTruncated) != 0) press = press with { Warnings = press.Warnings & ~PressWarnings.BodyMissing };
        var outcome = await desk.Take(press with { Warnings = press.Warnings | warnings }, key, user.Id);

        var address = $"/api/v1/alerts/{outcome.View.Id}";
        if (outcome.Result == PressResult.Created) return TypedResults.Created(address, outcome.View);
        context.Response.Headers.Location = address;
        return outcome.Result == PressResult.Present ? TypedResults.Ok(outcome.View) : new ProblemResult(ProblemKind.KeyReused, "The alert of the first request stands; see Location.");
    }
}
