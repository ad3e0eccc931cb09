using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Users;
using Sos.Grains.Alerts;
using Sos.Grains.Privacy;
using Sos.Server.Identity;

namespace Sos.Server.Alerts;

/// <summary>
/// Signed addresses of attachments. An address names its reader, and what she is to the alert is asked again whenever it is used: it ends with her
/// session, her role, her part in the alert, and the alert's data.
/// </summary>
internal sealed class AttachmentReading(
    IdentitySeals seals, SessionChecks sessions, IGrainFactory grains, AlertFiles files, IOptions<AttachmentOptions> options, TimeProvider time)
{
    /// <summary>Path of what is read, with the ticket behind it.</summary>
    public const string Path = "/api/v1/files/";

    /// <summary>Makes an address.</summary>
    /// <param name="caller">For whom.</param>
    /// <param name="alert">The alert, which she may see.</param>
    /// <param name="attachment">One of its attachments.</param>
    public AttachmentUrl Address(AlertCaller caller, Guid alert, Guid attachment)
    {
        var until = time.GetUtcNow() + options.Value.UrlLife;
        return new AttachmentUrl(Path + seals.FileTicket(new FileTicket(alert, attachment, caller.User.Id, caller.User.SessionId, caller.OwnOnly, until)), until);
    }

    /// <summary>What an address opens now; null for one that was changed in any way, is over, or whose reader may not read it any more.</summary>
    public async Task<(AttachmentView View, SealedDownload File)?> Open(HttpContext context, string text)
    {
        // As it came over the wire: another spelling of the same method or path is another address.
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (context.Request.Method != HttpMethods.Get || target != context.Request.PathBase + Path + text || !seals.TryOpenFile(text, out var ticket)) return null;
        var now = time.GetUtcNow();
        if (ticket.Until <= now || ticket.Until > now + options.Value.UrlLife) return null;
        var token = new VerifiedToken(ticket.User, ticket.Session, Roles.User, ticket.Until);
        if (!await sessions.Ask(token)) return null;
        var view = await grains.GetGrain<IAlertGrain>(ticket.Alert).View(new AlertCaller(token.User, ticket.OwnOnly).ToReader());
        if (view is null || Find(view, ticket.Attachment) is not { } attachment) return null;
        return await files.Open(ticket.Alert, attachment.Id, attachment.Blob) is { } file ? (attachment, file) : null;
    }

    /// <summary>An attachment that the reader of a view may have; null when there is none.</summary>
    public static AttachmentView? Find(AlertView view, Guid attachment) => view.Attachments?.FirstOrDefault(known => known.Id == attachment);
}
