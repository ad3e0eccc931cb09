using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Sos.Server.Realtime;

/// <summary>Who is connected to this process, with which connections.</summary>
internal sealed class ConnectedPeople
{
    /// <summary>Most connections of a person; one more ends her oldest.</summary>
    public const int MostPerPerson = 32;

    private readonly ConcurrentDictionary<Guid, ConnectedPerson> _people = new();

    /// <summary>Everybody.</summary>
    public IEnumerable<ConnectedPerson> All => _people.Values;

    /// <summary>The connections of a person; none when she is not connected here.</summary>
    public ImmutableArray<DeviceConnection> ConnectionsOf(Guid person) => _people.TryGetValue(person, out var known) ? known.Connections : [];

    /// <summary>Adds a connection; answers its person.</summary>
    public ConnectedPerson Add(DeviceConnection connection)
    {
        while (true)
        {
            var person = _people.GetOrAdd(connection.Person, static id => new ConnectedPerson(id));
            if (person.TryAdd(connection, out var oldest))
            {
                oldest?.Close();
                return person;
            }

            // The last connection left at this moment; the person is entered anew.
            _people.TryRemove(KeyValuePair.Create(person.Id, person));
        }
    }

    /// <summary>Takes a connection out.</summary>
    public void Remove(DeviceConnection connection)
    {
        if (_people.TryGetValue(connection.Person, out var person) && person.Remove(connection)) _people.TryRemove(KeyValuePair.Create(person.Id, person));
    }
}

/// <summary>A person with at least one connection to this process.</summary>
/// <param name="id">User id.</param>
internal sealed class ConnectedPerson(Guid id)
{
    private readonly Lock _lock = new();
    private ImmutableArray<DeviceConnection> _connections = [];
    private bool _gone;

    /// <summary>User id.</summary>
    public Guid Id => id;

    /// <summary>Her connections, oldest first.</summary>
    public ImmutableArray<DeviceConnection> Connections
    {
        get
        {
            lock (_lock) return _connections;
        }
    }

    /// <summary>When her grains are to be followed again.</summary>
    public DateTimeOffset FollowAt { get; set; }

    /// <summary>What any of her connections hears.</summary>
    public DeviceFeeds Feeds => Connections.Aggregate(DeviceFeeds.None, static (feeds, connection) => feeds | connection.Feeds);

    /// <summary>Adds a connection; false when the last one has just left. The oldest comes back when there are too many.</summary>
    public bool TryAdd(DeviceConnection connection, out DeviceConnection? oldest)
    {
        lock (_lock)
        {
            oldest = _connections.Length >= ConnectedPeople.MostPerPerson ? _connections[0] : null;
            if (_gone) return false;
            _connections = _connections.Add(connection);
            return true;
        }
    }

    /// <summary>Takes a connection out; true when it was the last.</summary>
    public bool Remove(DeviceConnection connection)
    {
        lock (_lock)
        {
            _connections = _connections.Remove(connection);
            return _gone = _connections.IsEmpty;
        }
    }
}
