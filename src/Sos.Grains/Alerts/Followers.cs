namespace Sos.Grains.Alerts;

/// <summary>Who follows a board, until each falls silent; in memory.</summary>
/// <param name="lifetime">How long a follower stays after it last said so.</param>
internal sealed class Followers(TimeSpan lifetime)
{
    private readonly Dictionary<Guid, DateTimeOffset> _followers = [];

    /// <summary>Adds a follower or renews it. One that is not connected leaves.</summary>
    public void Follow(Guid follower, bool connected, DateTimeOffset now)
    {
        if (connected) _followers[follower] = now + lifetime;
        else _followers.Remove(follower);
    }

    /// <summary>Everybody who follows now; who has fallen silent leaves.</summary>
    public IReadOnlyCollection<Guid> At(DateTimeOffset now)
    {
        foreach (var (follower, until) in _followers)
        {
            if (until <= now) _followers.Remove(follower);
        }

        return _followers.Keys;
    }
}
