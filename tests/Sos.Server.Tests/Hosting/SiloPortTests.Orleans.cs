using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Sos.Server.Tests.Hosting;

public sealed class SiloPortTests
{
    [Fact]
    public async Task Without_settings_the_silo_is_there_for_this_machine_only_and_opens_no_gateway()
    {
        await using var server = await SosServerHost.Start();
        var silo = server.Services.GetRequiredService<ILocalSiloDetails>();
        Assert.Equal(IPAddress.Loopback, silo.SiloAddress.Endpoint.Address);
        Assert.Equal(0, silo.GatewayAddress?.Endpoint.Port ?? 0);
    }
}
