using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Sos.Server.Identity;

namespace Sos.Server.Http;

/// <summary>Counts requests by user and by block of addresses; sliding windows of a minute, on the machine's clock.</summary>
internal sealed class RequestLimits : IDisposable
{
    /// <summary>Length of a window in seconds.</summary>
    public const int WindowSeconds = 60;

    /// <summary>After so many seconds room is made for new requests.</summary>
    public const int SegmentSeconds = 10;

    private readonly PartitionedRateLimiter<Guid> _users;
    private readonly PartitionedRateLimiter<ClientBlock> _anonymous;
    private readonly PartitionedRateLimiter<ClientBlock> _forged;

    public RequestLimits(IOptions<RequestLimitOptions> options)
    {
        var limits = options.Value;
        PerUser = limits.PerUser;
        _users = Limiter<Guid>(limits.PerUser);
        _anonymous = Limiter<ClientBlock>(limits.AnonymousPerBlock);
        _forged = Limiter<ClientBlock>(limits.ForgedPerBlock);
    }

    /// <summary>Requests of a user in a window.</summary>
    public int PerUser { get; }

    /// <summary>Counts a request that anybody may send; false when its block sent too many.</summary>
    public bool TakeAnonymous(ClientBlock block)
    {
        using var lease = _anonymous.AttemptAcquire(block);
        return lease.IsAcquired;
    }

    /// <summary>Counts a request with a credential that was never issued here; false when its block sent too many.</summary>
    public bool TakeForged(ClientBlock block)
    {
        using var lease = _forged.AttemptAcquire(block);
        return lease.IsAcquired;
    }

    /// <summary>Counts a request of a user; false when there were too many.</summary>
    /// <param name="user">User id.</param>
    /// <param name="left">How many more she may send in this window.</param>
    public bool TakeOf(Guid user, out long left)
    {
        using var lease = _users.AttemptAcquire(user);
        left = _users.GetStatistics(user)?.CurrentAvailablePermits ?? 0;
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        _users.Dispose();
        _anonymous.Dispose();
        _forged.Dispose();
    }

    private static PartitionedRateLimiter<T> Limiter<T>(int permits)
        where T : notnull
    {
        var options = new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = TimeSpan.FromSeconds(WindowSeconds),
            SegmentsPerWindow = WindowSeconds / SegmentSeconds,
            QueueLimit = 0,
            AutoReplenishment = false, // the partitions share one timer
        };
        return PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetSlidingWindowLimiter(key, _ => options));
    }
}

/// <summary>On a route: taken however many come. For the press of the SOS button, which merges what it is sent.</summary>
internal sealed class TakenAlways
{
    public static TakenAlways Mark { get; } = new();
}

/// <summary>
/// How the limits join the pipeline: strangers by block before anything is looked up, users when it is known who asks, and by block again
/// whoever turned out to bring a made-up credential. Neighbours behind one address never share a count with those.
/// </summary>
internal static class RequestLimiting
{
    private static readonly string Soon = RequestLimits.SegmentSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds the counters.</summary>
    public static WebApplicationBuilder AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RequestLimitOptions>().BindConfiguration(RequestLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RequestLimits>();
        return builder;
    }

    /// <summary>Before authentication: requests without a credential, and all on routes that ask for none.</summary>
    public static IApplicationBuilder UseAnonymousLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<RequestLimits>();
        return app.Use((context, next) =>
            IsFree(context) || BringsCredential(context) || limits.TakeAnonymous(BlockOf(context)) ? next(context) : Refuse(context));
    }

    /// <summary>After authorization. Answers carry what is left (draft-ietf-httpapi-ratelimit-headers).</summary>
    public static IApplicationBuilder UseUserLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<RequestLimits>();
        var policy = string.Create(CultureInfo.InvariantCulture, $"\"user\";q={limits.PerUser};w={RequestLimits.WindowSeconds}");
        return app.Use((context, next) =>
        {
            if (IsFree(context) || CurrentUser.From(context.User) is not { } user) return next(context);
            var taken = limits.TakeOf(user.Id, out var left);
            context.Response.Headers["RateLimit-Policy"] = policy;
            context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"user\";r={left};t={RequestLimits.WindowSeconds}");
            return taken ? next(context) : Refuse(context);
        });
    }

    /// <summary>Answers a request whose credential was never issued here: 401, or 429 when its block sent too many such.</summary>
    public static Task RefuseForged(HttpContext context) =>
        IsFree(context) || context.RequestServices.GetRequiredService<RequestLimits>().TakeForged(BlockOf(context)) ? Credentials.Challenge(context) : Refuse(context);

    private static bool BringsCredential(HttpContext context) =>
        Credentials.Any(context.Request) && context.GetEndpoint()?.Metadata is { } marks
        && marks.GetMetadata<IAuthorizeData>() is not null && marks.GetMetadata<IAllowAnonymous>() is null;

    private static ClientBlock BlockOf(HttpContext context) => ClientBlock.Of(context.Connection.RemoteIpAddress);

    private static bool IsFree(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<TakenAlways>() is not null;

    private static Task Refuse(HttpContext context)
    {
        context.Response.Headers.RetryAfter = Soon;
        return new ProblemResult(ProblemKind.TooMany).ExecuteAsync(context);
    }
}
