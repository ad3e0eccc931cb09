using System.Globalization;
using System.Security.Cryptography;
using Sos.Server.Hosting;
using Sos.Server.Http;

namespace Sos.Server.Demo;

/// <summary><c>--demo</c>: the service with a made-up city in it. Development only.</summary>
internal static class DemoMode
{
    private const string Switch = "--demo";
    private const string Folder = "data/demo";
    private const int CitySeed = 3;

    /// <summary>True when the command line asks for the demo; the switch is taken out, since settings are written with values.</summary>
    public static bool TakeSwitch(ref string[] args)
    {
        var asked = args.Contains(Switch, StringComparer.Ordinal);
        args = [.. args.Where(argument => argument != Switch)];
        return asked;
    }

    /// <summary>Adds the city and its people; they have a data folder of their own unless one is set.</summary>
    /// <exception cref="StartupException">Not in Development.</exception>
    public static void AddDemo(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
            throw new StartupException("--demo signs anybody in and runs in Development only; set ASPNETCORE_ENVIRONMENT=Development, or leave --demo out.");

        builder.Configuration[DataFolder.Setting] ??= Folder;
        // Nobody needs to become the first administrator here, so no link for it is printed.
        builder.Configuration["Sos:Bootstrap:Admin"] ??= Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        // Four links, four sides, no second factor.
        builder.Configuration[Identity.IdentityServices.SecondFactorSetting] = "off";

        // The whole city sits in one process of one machine.
        foreach (var limit in (string[])[nameof(RequestLimitOptions.PerUser), nameof(RequestLimitOptions.AnonymousPerBlock), nameof(RequestLimitOptions.ForgedPerBlock)])
            builder.Configuration[$"{RequestLimitOptions.Section}:{limit}"] ??= int.MaxValue.ToString(CultureInfo.InvariantCulture);
        builder.Services.AddSingleton(CityPlanner.Draw(CitySeed));
        builder.Services.AddSingleton<DemoCast>();
        builder.Services.AddSingleton<DemoScene>();
        builder.Services.AddSingleton<DemoTown>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DemoTown>());
    }
}
