namespace Sos.Grains.Zones;

/// <summary>
/// Counts different people who come in within a time. It holds who they are only until they are enough or the time is over, and nothing in between two tellings.
/// </summary>
internal sealed class CrowdCount
{
    private readonly Dictionary<Guid, DateTimeOffset> _people = [];
    private DateTimeOffset _quietUntil = DateTimeOffset.MinValue;

    /// <summary>How many people are held.</summary>
    public int Held => _people.Count;

    /// <summary>Counts somebody; how many there are when that is to be told, else null.</summary>
    public int? Enter(Guid person, DateTimeOffset at, DateTimeOffset now, ZoneOptions options)
    {
        foreach (var (known, since) in _people)
        {
            if (now - since >= options.CrowdWithin) _people.Remove(known);
        }

        if (now < _quietUntil || now - at >= options.CrowdWithin) return null;
        _people[person] = at;
        if (_people.Count < options.CrowdOf) return null;
        var people = _people.Count;
        _people.Clear();
        _quietUntil = now + options.CrowdEvery;
        return people;
    }
}
