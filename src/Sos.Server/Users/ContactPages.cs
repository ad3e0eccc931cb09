using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Sos.Server.Users;

/// <summary>The pages behind links to people without an account: a contact's two, a guardian's (<c>.Guardian</c>), and a number's that was asked to be a relative (<c>.Relative</c>); they need no account. The token stays behind the # and goes to the server in a body only.</summary>
internal static partial class ContactPages
{
    public static void MapContactPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/contact", (HttpResponse response) => Page(response, "Emergency contact", Invitation)).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/follow", (HttpResponse response) => Page(response, "SOS", Follow)).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/guardian", (HttpResponse response) => Page(response, "Parent or guardian", Guardian)).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/relative", (HttpResponse response) => Page(response, "Relatives near by", Relative)).AllowAnonymous().ExcludeFromDescription();
    }

    private static ContentHttpResult Page(HttpResponse response, string title, string body)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        response.Headers.ContentSecurityPolicy = $"default-src 'none'; connect-src 'self'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        var html = (Head + body).Replace("TITLE", title, StringComparison.Ordinal).Replace("NONCE", nonce, StringComparison.Ordinal);
        return TypedResults.Content(html, "text/html; charset=utf-8");
    }

    private const string Head = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta name="robots" content="noindex">
        <title>TITLE</title>
        <style nonce="NONCE">
        body{font:18px/1.5 system-ui;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#16202c;background:#fff}
        button,a.button{font:inherit;padding:.6rem 1rem;border:1px solid #8a94a3;border-radius:.6rem;background:#fff;color:inherit;text-decoration:none;display:inline-block;margin:.2rem .4rem .2rem 0}
        button.first{background:#175cd3;border-color:#175cd3;color:#fff}
        [hidden]{display:none!important}h1{font-size:1.5rem}.tone{border-left:.4rem solid #d92d20;padding-left:.8rem}.tone.good{border-color:#067647}dt{font-weight:600}dd{margin:0 0 .6rem}
        @media (prefers-color-scheme:dark){body{background:#101720;color:#e8edf3}button,a.button{background:#18222e}}
        </style>
        <script nonce="NONCE">
        const token = location.hash.slice(1);
        async function post(path, more) {
          const answer = await fetch("/api/v1/contact-links/" + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token, ...more }) });
          if (answer.status === 404) return null;
          if (!answer.ok) throw new Error("The service does not answer as it should (" + answer.status + ").");
          return answer.status === 204 ? {} : answer.json();
        }
        </script>

        """;

    private const string Invitation = """
        <h1 id="title">Emergency contact</h1>
        <p id="text" role="status">One moment …</p>
        <p id="buttons" hidden><button id="yes" class="first">Yes, tell me</button> <button id="no">No</button></p>
        <p>If you say yes, you get a text message with a link when SOS is pressed. The link shows where the person is until the emergency is over. You can take it back here at any time. In an emergency ring the emergency number.</p>
        <script nonce="NONCE">
        const byId = id => document.getElementById(id);
        function show(invitation) {
          byId("buttons").hidden = !invitation;
          if (!invitation) { byId("text").textContent = "This link is not valid any more. Nothing is sent to you."; return; }
          const { asker, answer } = invitation;
          byId("text").textContent = answer === "accepted" ? `You are an emergency contact of ${asker}.`
            : answer === "refused" ? `You are not an emergency contact of ${asker}. Nothing is sent to you.`
            : `${asker} asks you to be an emergency contact.`;
          byId("yes").hidden = answer === "accepted";
          byId("no").textContent = answer === "accepted" ? "Do not tell me any more" : "No";
          byId("no").hidden = answer === "refused";
        }
        const say = error => { byId("text").textContent = error.message; };
        byId("yes").addEventListener("click", () => post("answer", { accepts: true }).then(show).catch(say));
        byId("no").addEventListener("click", () => post("answer", { accepts: false }).then(show).catch(say));
        post("invitation").then(show).catch(say);
        </script>
        </html>
        """;

    private const string Follow = """
        <h1 id="title" class="tone">SOS</h1>
        <p id="text" role="status">One moment …</p>
        <dl id="facts"></dl>
        <p><a id="map" class="button" hidden>Open in maps</a></p>
        <p id="seen"></p>
        <script nonce="NONCE">
        const byId = id => document.getElementById(id);
        const words = { raised: "Help is being looked for.", offered: "Helpers near by are being asked.", accepted: "Somebody is coming.", en_route: "Somebody is on the way.",
          on_scene: "Somebody is there.", resolved: "It is over: the SOS was closed.", cancelled: "The SOS was called off.", false_alarm: "The SOS was closed as a false alarm." };
        const kinds = { medical: "Medical", safety: "Threatened", fire: "Fire", other: "Help" };
        const clock = at => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
        function fact(name, value) {
          if (!value) return;
          const dt = document.createElement("dt"), dd = document.createElement("dd");
          dt.textContent = name; dd.textContent = value;
          byId("facts").append(dt, dd);
        }
        function show(alert) {
          byId("facts").replaceChildren();
          byId("map").hidden = true;
          if (!alert) { byId("title").textContent = "This link has ended"; byId("title").className = "tone good"; byId("text").textContent = "A link shows an emergency until an hour after its end."; return false; }
          const closed = Boolean(alert.closedAt);
          byId("title").textContent = closed ? "Over" : "SOS: " + kinds[alert.kind];
          byId("title").className = closed || alert.status === "on_scene" ? "tone good" : "tone";
          byId("text").textContent = words[alert.status];
          fact("Pressed", clock(alert.raisedAt));
          fact("Help is expected", alert.helpArrivesAt && clock(alert.helpArrivesAt));
          fact("Closed", closed && clock(alert.closedAt));
          const place = alert.position;
          if (place) {
            const at = `${place.latitude.toFixed(5)},${place.longitude.toFixed(5)}`;
            fact("Position", `${at} at ${clock(place.at)}${place.accuracy ? `, within ${Math.round(place.accuracy)} m` : ""}`);
            byId("map").href = `geo:${at}?q=${at}`;
            byId("map").hidden = false;
          } else if (!closed) fact("Position", "not known");
          byId("seen").textContent = "As of " + new Date().toLocaleTimeString();
          return !closed;
        }
        async function look() {
          try {
            if (!show(await post("alert"))) return;
          } catch (error) {
            byId("seen").textContent = "No connection; trying again. " + error.message;
          }
          setTimeout(look, 5000);
        }
        look();
        </script>
        </html>
        """;
}
