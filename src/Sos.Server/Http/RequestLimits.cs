using System.Globalization;
using System.Threading.RateLimiting;
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
    private readonly PartitionedRateLimiter<ClientBlock> _blocks;
    private readonly PartitionedRateLimiter<ClientBlock> _anonymous;

    public RequestLimits(IOptions<RequestLimitOptions> options)
    {
        var limits = options.Value;
        PerUser = limits.PerUser;
        _users = Limiter<Guid>(limits.PerUser);
        _blocks = Limiter<ClientBlock>(limits.PerBlock);
        _anonymous = Limiter<ClientBlock>(limits.AnonymousPerBlock);
    }

    /// <summary>Requests of a user in a window.</summary>
    public int PerUser { get; }

    /// <summary>Counts a request of a block; false when there were too many.</summary>
    public bool TakeFrom(ClientBlock block, bool anonymous)
    {
        using var all = _blocks.AttemptAcquire(block);
        if (!all.IsAcquired || !anonymous) return all.IsAcquired;
        using var unknown = _anonymous.AttemptAcquire(block);
        return unknown.IsAcquired;
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
        _blocks.Dispose();
        _anonymous.Dispose();
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

/// <summary>How the limits join the pipeline: blocks before anything is looked up, users when it is known who asks.</summary>
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

    /// <summary>Before authentication: a flood is answered before a token is verified.</summary>
    public static IApplicationBuilder UseBlockLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<RequestLimits>();
        return app.Use((context, next) =>
            IsFree(context) || limits.TakeFrom(ClientBlock.Of(context.Connection.RemoteIpAddress), !Credentials.Any(context.Request)) ? next(context) : Refuse(context));
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

    private static bool IsFree(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<TakenAlways>() is not null;

    private static Task Refuse(HttpContext context)
    {
        context.Response.Headers.RetryAfter = Soon;
        return new ProblemResult(ProblemKind.TooMany).ExecuteAsync(context);
    }
}
