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
        <p id="told" role="status"></p>
        <pre id="token" hidden></pre>
        <script nonce="NONCE">
        const token = location.hash.slice(1);
        history.replaceState(null, "", "/bootstrap");
        const told = document.getElementById("told");
        document.getElementById("form").addEventListener("submit", async event => {
          event.preventDefault();
          const address = document.getElementById("address").value.trim();
          const body = address.includes("@") ? { token, email: address } : { token, phone: address };
          const answer = await fetch("/api/v1/auth/bootstrap", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
          const result = await answer.json();
          told.textContent = answer.ok ? "Done. Your access token, good for ten minutes:" : result.detail ?? "This link is wrong or has been used.";
          if (!answer.ok) return;
          document.getElementById("token").textContent = result.accessToken;
          document.getElementById("token").hidden = false;
        });
        </script>
        </html>
        """;
}
