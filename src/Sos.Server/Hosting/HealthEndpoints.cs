using Microsoft.AspNetCore.Http.HttpResults;

namespace Sos.Server.Hosting;

/// <summary>What a load balancer asks: is the process alive, does it take requests.</summary>
internal static class HealthEndpoints
{
    public static RouteGroupBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").AllowAnonymous().WithTags("Health");
        health.MapGet("/live", Live).WithSummary("The process answers");
        health.MapGet("/ready", Ready).WithSummary("The service takes requests; says which runtime the grains run on");
        return health;
    }

    private static Ok<Health> Live() => TypedResults.Ok(new Health("live", SosSilo.Runtime));

    private static Results<Ok<Health>, JsonHttpResult<Health>> Ready(Readiness readiness, IHostApplicationLifetime host)
    {
        // A signal is known here before anything else hears of it.
        var stopping = host.ApplicationStopping.IsCancellationRequested || host.ApplicationStarted.IsCancellationRequested && !readiness.IsReady;
        return readiness.IsReady && !stopping
            ? TypedResults.Ok(new Health("ready", SosSilo.Runtime))
            : TypedResults.Json(new Health(stopping ? "stopping" : "starting", SosSilo.Runtime), statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>Health of this process.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c>, <c>starting</c> or <c>stopping</c>.</param>
/// <param name="Runtime">What the grains run on: <c>embedded</c>, <c>orleans</c> or <c>azure</c>.</param>
public sealed record Health(string Status, string Runtime);
