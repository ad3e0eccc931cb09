using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;
using Sos.Grains.Alerts;
using Sos.Server.Alerts.Media;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Alerts;

/// <summary>Photos and recordings of an alert.</summary>
internal static class AttachmentEndpoints
{
    /// <summary>What is said of the reason of staff when it gives none: the file says it.</summary>
    private const string Evidence = "added to the open alert";

    public static void MapAttachments(this RouteGroupBuilder alerts)
    {
        var own = alerts.MapGroup("/{id:guid}/attachments").RequireAuthorization(Policies.Sos);
        own.MapPost("", Add).WithSummary("A photo or recording, as the whole body")
            .WithDescription($"{MediaType.Taken} At most 10 MiB each and 20 an alert (`Sos:Attachments`). `Idempotency-Key`: the attachment's id, a UUID made by the client; the same "
                + "again is answered with what is there (200), without taking the bytes twice. Places, devices, names, comments and thumbnails are stripped.")
            .AddOpenApiOperationTransformer(static (operation, _, _) =>
            {
                // As metadata of the route it would be refused before it is known who asks, and with another answer.
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = MediaType.All.ToDictionary(type => type.Name, static _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }) };
                return Task.CompletedTask;
            });
        own.MapGet("/{attachmentId:guid}/url", Address).WithSummary("An address to read an attachment from, for the caller, for 5 minutes");
    }

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/files").AllowAnonymous().WithTags("Alerts");
        files.MapGet("/{ticket}", Read).WithSummary("What an address of an attachment opens; 404 for every other one").Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
    }

    private static async Task<Results<Created<AttachmentView>, Ok<AttachmentView>, ProblemResult>> Add(
        Guid id, HttpContext context, AlertCaller caller, AttachmentDesk desk, IOptions<AttachmentOptions> options,
        [FromHeader(Name = "Idempotency-Key")] string? key = null, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        var request = context.Request;
        if (MediaType.Declared(request.ContentType) is not { } type || request.Headers.ContentEncoding.Count > 0) return new ProblemResult(ProblemKind.MediaRefused, MediaType.Taken);
        if (request.ContentLength > options.Value.MaxBytes) return new ProblemResult(ProblemKind.TooLarge, $"An attachment has at most {options.Value.MaxBytes} bytes.");
        var attachment = Guid.Empty;
        if (key is not null && (!Guid.TryParseExact(key, "D", out attachment) || attachment == Guid.Empty)) return ProblemResult.Invalid("Idempotency-Key must be a UUID: it becomes the attachment's id.");

        // Only here: other routes keep their limit, and only here may a slow network take its time.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        var incoming = new IncomingAttachment(
            id, key is null ? Guid.CreateVersion7() : attachment, caller.ToReader(), type, request.ContentLength, caller.User.IsStaff ? StaffReason.Or(why, Evidence) : null);
        try
        {
            return Answer(await desk.Take(incoming, request.Body, context.RequestAborted), id);
        }
        catch (UnusableMediaException unusable)
        {
            return new ProblemResult(unusable.Kind, unusable.Message);
        }
    }

    private static async Task<Results<Ok<AttachmentUrl>, ProblemResult>> Address(
        Guid id, Guid attachmentId, AlertCaller caller, AttachmentReading reading, IGrainFactory grains, StaffLooks looks, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (await grains.GetGrain<IAlertGrain>(id).View(caller.ToReader()) is not { } view) return ProblemResult.NotFound;
        if (view.Tombstone is not null) return AlertAnswers.Erased;
        if (AttachmentReading.Find(view, attachmentId) is null) return ProblemResult.NotFound;
        return await looks.At(view, caller.User, AuditAct.ViewedAttachment, why, $"attachment/{attachmentId}") is { } refused
            ? refused
            : TypedResults.Ok(reading.Address(caller, id, attachmentId));
    }

    private static async Task<IResult> Read(string ticket, HttpContext context, AttachmentReading reading) =>
        await reading.Open(context, ticket) is { } open ? new SealedFileResult(open.View, open.File) : ProblemResult.NotFound;

    private static Results<Created<AttachmentView>, Ok<AttachmentView>, ProblemResult> Answer((AttachOutcome Outcome, bool IsNew) taken, Guid alert) => taken.Outcome switch
    {
        { Refusal: AlertRefusal.None, Stored: { } stored } when taken.IsNew => TypedResults.Created($"/api/v1/alerts/{alert}/attachments/{stored.Id}/url", stored),
        { Refusal: AlertRefusal.None, Stored: { } stored } => TypedResults.Ok(stored),
        { Refusal: AlertRefusal.Full } => new ProblemResult(ProblemKind.AttachmentsFull),
        { Refusal: AlertRefusal.Lapsed } => new ProblemResult(ProblemKind.UploadTooSlow),
        { Refusal: AlertRefusal.KeyReused } => new ProblemResult(ProblemKind.KeyReused),
        _ => AlertAnswers.Of(new AlertOutcome(taken.Outcome.Refusal, taken.Outcome.View)).Result as ProblemResult ?? ProblemResult.NotFound,
    };
}
