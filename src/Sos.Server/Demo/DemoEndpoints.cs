using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Demo;

/// <summary>The demo's page and what it needs beside the public API.</summary>
internal static class DemoEndpoints
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> ContentTypes = new() { [".js"] = "text/javascript; charset=utf-8", [".css"] = "text/css; charset=utf-8" };

    public static RouteGroupBuilder MapDemo(this IEndpointRouteBuilder routes)
    {
        var demo = routes.MapGroup("/demo").AllowAnonymous().ExcludeFromDescription();
        demo.MapGet("", Page);
        demo.MapGet("/{file:regex(^[a-z]+\\.(js|css)$)}", File);
        demo.MapGet("/city.geojson", City);
        demo.MapGet("/links", Links);
        demo.MapGet("/live", Live);
        demo.MapPost("/sign-in", SignIn);
        demo.MapPost("/press-nearby", PressNearby);
        return demo;
    }

    private static Results<FileStreamHttpResult, NotFound> Page(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        return Embedded("index.html", "text/html; charset=utf-8");
    }

    private static Results<FileStreamHttpResult, NotFound> File(string file) => Embedded(file, ContentTypes[Path.GetExtension(file)]);

    private static FileContentHttpResult City(DemoCity city) => TypedResults.Bytes(CityGeoJson.Write(city), "application/geo+json");

    private static Ok<IEnumerable<DemoLink>> Links(DemoCast cast) => TypedResults.Ok(cast.Visitors.Select(side =>
        new DemoLink(side.Role, char.ToUpperInvariant(side.Role[0]) + side.Role[1..], side.Words, $"#{side.Role}.{side.Key}")));

    private static ServerSentEventsResult<Scene> Live(DemoScene scene, CancellationToken aborted) => TypedResults.ServerSentEvents(scene.Watch(aborted));

    private static async Task<Results<Ok<DemoSession>, ProblemResult>> SignIn(DemoKey request, DemoTown town, DemoCast cast, SignIns signIns, IGrainFactory grains)
    {
        await town.Awake;
        if (cast.Opened(request.Key) is not { } side || await grains.GetGrain<IUserGrain>(side.Member.Id).Profile() is not { } profile)
            return new ProblemResult(ProblemKind.WrongCode, "The link is of another start of the demo.");
        if (await signIns.Open(profile, "demo") is not { } session) return new ProblemResult(ProblemKind.WrongCode);
        return TypedResults.Ok(new DemoSession(session.AccessToken, session.ExpiresAt, session.RefreshToken, new DemoPlace(side.Place.Latitude, side.Place.Longitude)));
    }

    private static async Task<Results<Accepted, ProblemResult>> PressNearby(DemoPlace place, DemoTown town)
    {
        if (!GeoPoint.TryCreate(place.Latitude, place.Longitude, out var near)) return new ProblemResult(ProblemKind.Invalid);
        return await town.PressNear(near) ? TypedResults.Accepted((string?)null) : new ProblemResult(ProblemKind.IllegalMove, "Everybody has an alert open.");
    }

    private static Results<FileStreamHttpResult, NotFound> Embedded(string file, string contentType) =>
        typeof(DemoEndpoints).Assembly.GetManifestResourceStream("demo/" + file) is { } stream ? TypedResults.Stream(stream, contentType) : TypedResults.NotFound();
}

/// <summary>A side to open.</summary>
internal sealed record DemoLink(string Role, string Title, string Words, string Url);

/// <summary>The secret part of a link.</summary>
internal sealed record DemoKey(string Key);

/// <summary>A place, degrees.</summary>
internal sealed record DemoPlace(double Latitude, double Longitude);

/// <summary>A visitor who has come in.</summary>
internal sealed record DemoSession(string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken, DemoPlace Place);
