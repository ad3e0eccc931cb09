using Sos.Grains.Privacy;
using Sos.Server.Hosting;
using Sos.Server.Hosting.Transfer;
using Sos.Server.Identity;

namespace Sos.Server.Privacy;

/// <summary>
/// <c>rotate-key</c>: makes a new key-encryption key and wraps every data key with it. Settings follow as for the service itself. Broken off, it
/// is run again; every key stays until somebody deletes it.
/// </summary>
/// <param name="Settings">What follows on the command line.</param>
internal sealed record RotateKeyCommand(string[] Settings)
{
    private const string Verb = "rotate-key";

    /// <summary>The command on a command line; null when it is another.</summary>
    public static RotateKeyCommand? From(string[] arguments) => arguments is [Verb, .. var settings] ? new RotateKeyCommand(settings) : null;

    /// <summary>Does it; answers the sentence that says what was done.</summary>
    /// <exception cref="StartupException">It was refused.</exception>
    public async Task<string> Run()
    {
        var builder = WebApplication.CreateBuilder(Settings);
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        await using var services = builder.Services.BuildServiceProvider();
        await using var data = await StoredData.Open(builder.Configuration, services.GetRequiredService<ILoggerFactory>());
        var keys = new KeyFolder(new DataFolder(builder.Configuration));
        DataKeyFiles.Read(keys);
        var old = DataKeyFiles.Names(keys);
        var made = DataKeyFiles.Make(keys);
        var ring = DataKeyFiles.Read(keys);
        var count = 0;
        try
        {
            await foreach (var item in data.Read())
            {
                if (item is not TransferState state || KeyRotation.Rewrap(ring, state.Name, state.Grain, state.Bytes) is not { } rewrapped) continue;
                await data.Replace(state, rewrapped);
                count++;
            }
        }
        catch (InvalidDataException damaged)
        {
            throw new StartupException($"{damaged.Message} Nothing is lost: the old keys are still in the folder.");
        }

        return $"'{made}' wraps the keys of {count} records now. Delete {string.Join(", ", old)} from the folder 'keys' when no backup that you want to read needs them.";
    }
}
