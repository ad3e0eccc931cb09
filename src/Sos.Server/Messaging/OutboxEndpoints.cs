using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Sos.Grains.Messaging;
using Sos.Server.Hosting;

namespace Sos.Server.Messaging;

/// <summary>What the development outbox holds, for people and programs. Mapped in Development only.</summary>
internal static class OutboxEndpoints
{
    private const string GatewaySetting = "Sos:Messaging:Gateway";
    private const string EmailSetting = "Sos:Messaging:Email";

    /// <summary>Refuses a Production start whose messages would stay in memory.</summary>
    public static WebApplicationBuilder AddMessaging(this WebApplicationBuilder builder)
    {
        var gateway = builder.Configuration[GatewaySetting] ?? MessagingOptions.Outbox;
        if (gateway == MessagingOptions.Outbox && !builder.Environment.IsDevelopment())
        {
            throw new StartupException($"There is no message gateway outside Development: set {GatewaySetting}=none to run without text messages "
                + $"(then people sign in by e-mail, with {EmailSetting}=smtp), or ASPNETCORE_ENVIRONMENT=Development to try the service.");
        }

        if (builder.Configuration[EmailSetting] == MessagingOptions.Outbox && !builder.Environment.IsDevelopment())
            throw new StartupException($"{EmailSetting}=outbox keeps e-mail in memory and works in Development only; set it to smtp or none.");

        return builder;
    }

    public static void MapOutbox(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment()) return;
        app.MapGet("/dev/messages", Messages).AllowAnonymous().WithTags("Development").WithSummary("Messages that would have been sent; newest first");
        app.MapGet("/dev", Page).AllowAnonymous().ExcludeFromDescription();
    }

    private static Ok<OutboxContent> Messages(DevelopmentOutbox outbox, string? to = null) => TypedResults.Ok(new OutboxContent(outbox.Read(to)));

    private static ContentHttpResult Page(DevelopmentOutbox outbox, HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Messages</title>"
            + "<style>body{font:16px system-ui;margin:2rem;max-width:60rem}td{padding:.3rem 1rem .3rem 0;vertical-align:top}</style>"
            + "<h1>Messages that would have been sent</h1><table>");
        foreach (var message in outbox.Read(null))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{message.At:HH:mm:ss}<td>{WebUtility.HtmlEncode(message.To)}<td>{WebUtility.HtmlEncode(message.Body)}");
        }

        return TypedResults.Content(page.Append("</table></html>").ToString(), "text/html; charset=utf-8");
    }
}

/// <summary>The outbox.</summary>
/// <param name="Messages">Newest first.</param>
public sealed record OutboxContent(IReadOnlyList<OutboxMessage> Messages);
