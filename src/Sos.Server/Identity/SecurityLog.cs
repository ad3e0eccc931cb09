using Sos.Contracts.Identity;

namespace Sos.Server.Identity;

/// <summary>How somebody proved, or failed to prove, who she is.</summary>
internal enum ProofWay
{
    /// <summary>A one-time code that was sent.</summary>
    Code,

    /// <summary>A password.</summary>
    Password,

    /// <summary>A code of an authenticator app, or a recovery code.</summary>
    SecondFactor,
}

/// <summary>
/// What happens at the doors, a line each (OWASP ASVS 5.0, 16.3.1 and 16.3.2): ids only, and of a network block a keyed hash, by which lines of one
/// block can be found together and nobody else. Requests with made-up tokens have no line: they are unlimited, and who sends them could fill the disk.
/// </summary>
internal sealed partial class SecurityLog(ILogger<SecurityLog> logger, IdentitySeals seals)
{
    private const string Kept = "log";
    private const int BlockLength = 10;

    /// <summary>A session was opened.</summary>
    public void Opened(Guid user, Guid session, SignInMethod method) => LogOpened(user, session, method);

    /// <summary>A session was ended: signed out, pushed out or revoked.</summary>
    public void Ended(Guid user, Guid session) => LogEnded(user, session);

    /// <summary>A proof was looked at; those that were right are followed by what they opened.</summary>
    public void Proved(ProofWay way, ClientBlock block, bool good)
    {
        if (!logger.IsEnabled(LogLevel.Information)) return;
        var name = seals.LimiterKey(Kept, block.Name)[^BlockLength..];
        if (good) LogProved(way, name);
        else LogRefused(way, name);
    }

    /// <summary>Somebody signed in asked for what is not hers to ask for.</summary>
    public void Forbade(Guid user, string method, string route) => LogForbade(user, method, route);

    /// <summary>A token that outlives every session was made.</summary>
    public void TrackerAdded(Guid user, Guid tracker) => LogTrackerAdded(user, tracker);

    /// <summary>Such a token was revoked.</summary>
    public void TrackerRevoked(Guid user, Guid tracker) => LogTrackerRevoked(user, tracker);

    /// <summary>Such a token can read where its owner's relatives are, or not any more.</summary>
    public void TrackerShows(Guid user, Guid tracker, bool relatives) => LogTrackerShows(user, tracker, relatives);

    [LoggerMessage(Level = LogLevel.Information, Message = "User {User} has set whether tracker {Tracker} shows relatives: {Relatives}")]
    private partial void LogTrackerShows(Guid user, Guid tracker, bool relatives);

    [LoggerMessage(Level = LogLevel.Information, Message = "User {User} added tracker {Tracker}")]
    private partial void LogTrackerAdded(Guid user, Guid tracker);

    [LoggerMessage(Level = LogLevel.Information, Message = "User {User} revoked tracker {Tracker}")]
    private partial void LogTrackerRevoked(Guid user, Guid tracker);

    [LoggerMessage(Level = LogLevel.Information, Message = "User {User} signed in by {Method}: session {Session}")]
    private partial void LogOpened(Guid user, Guid session, SignInMethod method);

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {Session} of user {User} was ended")]
    private partial void LogEnded(Guid user, Guid session);

    [LoggerMessage(Level = LogLevel.Information, Message = "A proof by {Way} from block {Block} was right")]
    private partial void LogProved(ProofWay way, string block);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A proof by {Way} from block {Block} was wrong")]
    private partial void LogRefused(ProofWay way, string block);

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {User} may not {Method} {Route}")]
    private partial void LogForbade(Guid user, string method, string route);
}
