using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Storage;
using Sos.Grains.Alerts;
using Sos.Grains.Dispatch;
using Sos.Grains.Geo;
using Sos.Grains.Identity;
using Sos.Grains.Messaging;
using Sos.Grains.Privacy;
using Sos.Grains.Relatives;
using Sos.Grains.Responders;
using Sos.Grains.State;
using Sos.Grains.Users;
using Sos.Grains.Zones;

namespace Sos.Grains;

/// <summary>Everything that the grains need in a silo, whichever runtime it is.</summary>
public static class SosGrains
{
    /// <summary>Adds every slice and the codec of state; after the storage providers, which it seals. Again: changes nothing.</summary>
    public static ISiloBuilder AddSosGrains(this ISiloBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Replace(ServiceDescriptor.Singleton<IGrainStorageSerializer, SosStateSerializer>());
        return builder
            .AddAlerts()
            .AddDispatch()
            .AddGeo()
            .AddIdentity()
            .AddUsers()
            .AddMessaging()
            .AddPrivacy()
            .AddProximity()
            .AddRelatives()
            .AddResponders()
            .AddZones();
    }
}
