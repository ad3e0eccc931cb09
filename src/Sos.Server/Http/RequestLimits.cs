using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Sos.Server.Identity;

namespace Sos.Server.Http;

/// <summary>Counts requests by user, by app and by block of addresses; sliding windows of a minute, on the machine's clock.</summary>
internal sealed class RequestLimits : IDisposable
{
    /// <summary>Length of a window in seconds.</summary>
    public const int WindowSeconds = 60;

    /// <summary>After so many seconds room is made for new requests.</summary>
    public const int SegmentSeconds = 10;

    private readonly PartitionedRateLimiter<Guid> _users;
    private readonly PartitionedRateLimiter<(Guid App, int Quota)> _apps;
    private readonly PartitionedRateLimiter<Guid> _trackers;
    private readonly PartitionedRateLimiter<ClientBlock> _anonymous;
    private readonly PartitionedRateLimiter<ClientBlock> _forged;

    public RequestLimits(IOptions<RequestLimitOptions> options)
    {
        var limits = options.Value;
        PerUser = limits.PerUser;
        _users = Limiter<Guid>(limits.PerUser);
        _apps = Limiter<(Guid App, int Quota)>(static app => app.Quota);
        _trackers = Limiter<Guid>(limits.PerTracker);
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
    public bool TakeOf(Guid user)
    {
        using var lease = _users.AttemptAcquire(user);
        return lease.IsAcquired;
    }

    /// <summary>The same, with what is left of them.</summary>
    /// <param name="user">User id.</param>
    /// <param name="left">How many more she may send in this window.</param>
    public bool TakeOf(Guid user, out long left)
    {
        using var lease = _users.AttemptAcquire(user);
        left = _users.GetStatistics(user)?.CurrentAvailablePermits ?? 0;
        return lease.IsAcquired;
    }

    /// <summary>Counts a request of an app, for whichever user; false when there were too many.</summary>
    /// <param name="app">Client id.</param>
    /// <param name="quota">Its requests in a window.</param>
    /// <param name="left">How many more it may send in this window.</param>
    public bool TakeOfApp(Guid app, int quota, out long left)
    {
        using var lease = _apps.AttemptAcquire((app, quota));
        left = _apps.GetStatistics((app, quota))?.CurrentAvailablePermits ?? 0;
        return lease.IsAcquired;
    }

    /// <summary>Counts a message of a tracker; false when there were too many.</summary>
    public bool TakeOfTracker(Guid tracker)
    {
        using var lease = _trackers.AttemptAcquire(tracker);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        _users.Dispose();
        _apps.Dispose();
        _trackers.Dispose();
        _anonymous.Dispose();
        _forged.Dispose();
    }

    private static PartitionedRateLimiter<T> Limiter<T>(int permits)
        where T : notnull
    {
        var options = Window(permits);
        return PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetSlidingWindowLimiter(key, _ => options));
    }

    private static PartitionedRateLimiter<T> Limiter<T>(Func<T, int> permits)
        where T : notnull =>
        PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetSlidingWindowLimiter(key, of => Window(permits(of))));

    private static SlidingWindowRateLimiterOptions Window(int permits) => new()
    {
        PermitLimit = permits,
        Window = TimeSpan.FromSeconds(WindowSeconds),
        SegmentsPerWindow = WindowSeconds / SegmentSeconds,
        QueueLimit = 0,
        AutoReplenishment = false, // the partitions share one timer
    };
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
            var (counter, bound, left) = ("user", policy, 0L);
            bool taken;
            if (user.App is { } app)
            {
                // An app's flood is the app's: its users' own devices do not wait for it.
                (counter, bound) = ("app", string.Create(CultureInfo.InvariantCulture, $"\"app\";q={app.RequestsAMinute};w={RequestLimits.WindowSeconds}"));
                taken = limits.TakeOfApp(app.ClientId, app.RequestsAMinute, out left);
            }
            else taken = limits.TakeOf(user.Id, out left);
            context.Response.Headers["RateLimit-Policy"] = bound;
            context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{counter}\";r={left};t={RequestLimits.WindowSeconds}");
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
