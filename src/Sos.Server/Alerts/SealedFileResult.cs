using Sos.Contracts.Alerts;
using Sos.Grains.Privacy;
using Sos.Server.Alerts.Media;

namespace Sos.Server.Alerts;

/// <summary>Gives an attachment out: whole, to be kept and not shown in place, and harmless in a browser that shows it all the same.</summary>
internal sealed class SealedFileResult(AttachmentView view, SealedDownload file) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var content = file;
        var (type, headers) = (MediaType.Named(view.MediaType), httpContext.Response.Headers);
        headers.ContentType = type.Name;
        headers.ContentLength = view.Bytes;
        headers.ContentDisposition = $"attachment; filename=\"{view.Id:N}.{type.Extension}\"";
        headers.ContentSecurityPolicy = headers.ContentSecurityPolicy + "; sandbox";
        headers.AcceptRanges = "none";
        try
        {
            await content.CopyTo(httpContext.Response.Body, httpContext.RequestAborted);
        }
        catch (InvalidDataException)
        {
            // Its length was promised: the reader sees that it is cut, and never what was put in its place.
            httpContext.Abort();
            throw;
        }
    }
}
