using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Sos.Server.Identity;

/// <summary>The page behind the printed link: who opens it says her address and is the first administrator. The token stays behind the # and is in no log.</summary>
internal static class BootstrapPage
{
    public static IEndpointConventionBuilder MapBootstrapPage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/bootstrap", Page).AllowAnonymous().ExcludeFromDescription();

    private static ContentHttpResult Page(HttpResponse response)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        response.Headers.ContentSecurityPolicy = $"default-src 'none'; connect-src 'self'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        return TypedResults.Content(Html.Replace("NONCE", nonce, StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    private const string Html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>First administrator</title>
        <style nonce="NONCE">body{font:18px/1.5 system-ui;max-width:36rem;margin:3rem auto;padding:0 1rem}input,button{font:inherit;padding:.4rem .6rem}pre{white-space:pre-wrap;word-break:break-all;background:#8882;padding:1rem}</style>
        <h1>First administrator</h1>
        <p>Your phone number with its country code, or your e-mail address. You sign in with it from now on.</p>
        <form id="form"><label>Address <input id="address" required autocomplete="tel"></label> <button>Become administrator</button></form>
        <form id="factor" hidden>
        <p>Administrators need a second factor. Add this secret to your authenticator app (<a id="uri">open it on this phone</a>), then type the six digits it shows.</p>
        <pre id="secret"></pre>
        <label>Code <input id="code" required autocomplete="one-time-code" inputmode="numeric" maxlength="6"></label> <button>Confirm</button>
        </form>
        <p id="told" role="status"></p>
        <pre id="result" hidden></pre>
        <script nonce="NONCE">
        const token = location.hash.slice(1);
        history.replaceState(null, "", "/bootstrap");
        const byId = id => document.getElementById(id);
        let access = "";
        async function post(path, body) {
          const headers = { "content-type": "application/json" };
          if (access) headers.authorization = "Bearer " + access;
          const answer = await fetch("/api/v1/auth/" + path, { method: "POST", headers, body: JSON.stringify(body) });
          const result = await answer.json();
          if (!answer.ok) throw new Error(result.detail ?? result.title);
          return result;
        }
        function show(lines) {
          byId("result").textContent = lines.join("\n");
          byId("result").hidden = false;
        }
        function submitted(form, work) {
          byId(form).addEventListener("submit", event => {
            event.preventDefault();
            byId("told").textContent = "";
            work().catch(error => { byId("told").textContent = error.message; });
          });
        }
        submitted("form", async () => {
          const address = byId("address").value.trim();
          const session = await post("bootstrap", address.includes("@") ? { token, email: address } : { token, phone: address });
          access = session.accessToken;
          byId("form").hidden = true;
          if (!session.secondFactor) {
            byId("told").textContent = "Done. Your access token, good for ten minutes:";
            return show([access]);
          }
          if (session.secondFactor === "verify") {
            byId("told").textContent = "You are the administrator already; sign in with your second factor.";
            return;
          }
          const factor = await post("second-factor/enrol", {});
          byId("secret").textContent = factor.secret.replace(/(.{4})/g, "$1 ").trim();
          byId("uri").href = factor.uri;
          byId("factor").hidden = false;
        });
        submitted("factor", async () => {
          const done = await post("second-factor/confirm", { code: byId("code").value.trim() });
          byId("factor").hidden = true;
          byId("told").textContent = "Done. Keep these recovery codes where only you find them; each is good once, and they are not shown again. Below them: your access token, good for ten minutes.";
          show([...done.recoveryCodes, "", done.tokens.accessToken]);
        });
        </script>
        </html>
        """;
}
