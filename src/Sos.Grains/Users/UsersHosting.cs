using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Sos.Contracts.Users;

namespace Sos.Grains.Users;

/// <summary>How the users slice joins a silo.</summary>
public static class UsersHosting
{
    /// <summary>Adds what users need beside their grains and binds <see cref="UserOptions"/>; links of a host that has pages stay.</summary>
    public static ISiloBuilder AddUsers(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<UserOptions>().BindConfiguration(UserOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        silo.Services.TryAddSingleton<IContactLinks, NoContactLinks>();
        return silo;
    }
}
