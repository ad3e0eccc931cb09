using Orleans.Hosting;

namespace Sos.Grains.Users;

/// <summary>How the users slice joins a silo.</summary>
public static class UsersHosting
{
    /// <summary>Adds what users need beside their grain: nothing yet.</summary>
    public static ISiloBuilder AddUsers(this ISiloBuilder silo) => silo;
}
