using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Sos.Contracts.Messaging;
using Sos.Server.Hosting;
using Sos.Server.Identity;

namespace Sos.Server.Sandbox;

/// <summary>
/// <c>--sandbox</c>: a whole service of made-up people for who builds an app. What keeps it apart from the service that people rely on is that nothing is
/// shared: another process, another data folder, other keys, another issuer, and no way for a message to leave.
/// </summary>
internal static class SandboxMode
{
    /// <summary>Numbers that begin like this are the sandbox's people; no network has ever given one out.</summary>
    public const string Numbers = "+1555";

    /// <summary>Header of every answer.</summary>
    public const string Header = "Sos-Sandbox";

    private const string Switch = "--sandbox";
    private const string Folder = "data/sandbox";
    private const string Name = "sos-orleans-sandbox";

    /// <summary>True when the command line asks for the sandbox; the switch is taken out, since settings are written with values.</summary>
    public static bool TakeSwitch(ref string[] args)
    {
        var asked = args.Contains(Switch, StringComparer.Ordinal);
        args = [.. args.Where(argument => argument != Switch)];
        return asked;
    }

    /// <summary>Adds the wall and the people behind it; before everything that reads settings.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="demo">The demo is asked for too.</param>
    /// <exception cref="StartupException">A setting leads out of the sandbox.</exception>
    public static void AddSandbox(this WebApplicationBuilder builder, bool demo)
    {
        if (demo) throw new StartupException("--demo and --sandbox are two different things; leave one out.");
        var settings = builder.Configuration;
        if (settings["Sos:Orleans:Database"] is { Length: > 0 })
            throw new StartupException("A sandbox keeps its data in a folder of its own and in no database; remove Sos:Orleans:Database.");

        settings[DataFolder.Setting] ??= Folder;
        SandboxFolder.Claim(new DataFolder(settings));

        // Set over whatever the deployment says: its settings are often those of the real service, with a switch added.
        settings["Sos:Identity:Issuer"] = Name;
        settings["Sos:Identity:Audience"] = Name;
        settings["Sos:Identity:TestNumbers"] = Numbers;
        settings["Sos:Identity:OnlyTestNumbers"] = bool.TrueString;
        settings["Sos:Identity:ReviewNumber"] = "";
        settings["Sos:Messaging:Gateway"] = "none";
        settings["Sos:Messaging:Email"] = "none";
        for (var i = 0; settings[$"Sos:Dispatch:OnCallNumbers:{i}"] is not null; i++) settings[$"Sos:Dispatch:OnCallNumbers:{i}"] = Numbers + "0000000";

        // Anybody can sign in as anybody here, so nobody may become an administrator.
        settings["Sos:Bootstrap:Admin"] = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

        // Those who come are there a moment after the press.
        settings["Sos:Dispatch:RetryEvery"] = "00:00:02";

        builder.Services.AddSingleton<SandboxCrew>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SandboxCrew>());
        builder.Services.AddSingleton<IIncomingGrainCallFilter, PressWitness>();
        builder.Services.TryAddSingleton<ISmsGateway, SandboxGateway>();
    }

    /// <summary>Keeps what is for a sandbox out of a service that people rely on.</summary>
    /// <exception cref="StartupException">A setting or the data folder is a sandbox's.</exception>
    public static void RefuseSandbox(this WebApplicationBuilder builder)
    {
        builder.RefuseTestNumbers();
        SandboxFolder.Refuse(new DataFolder(builder.Configuration));
    }

    /// <summary>Says on every answer what this is.</summary>
    public static void UseSandboxHeader(this WebApplication app) => app.Use(static (context, next) =>
    {
        // At the last moment: an answer that turns into a problem begins anew.
        context.Response.OnStarting(static response =>
        {
            ((HttpResponse)response).Headers[Header] = "true";
            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    });
}
