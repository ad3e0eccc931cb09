using Sos.Server.Hosting;

namespace Sos.Server.Sandbox;

/// <summary>The mark on a sandbox's data folder, so that neither service ever opens the other's by a wrong setting.</summary>
internal static class SandboxFolder
{
    private const string Mark = "sandbox.txt";

    /// <summary>Marks an empty folder as a sandbox's; one that is marked stays.</summary>
    /// <exception cref="StartupException">It holds the data of a service that is none, or cannot be made.</exception>
    public static void Claim(DataFolder folder)
    {
        if (IsMarked(folder)) return;
        try
        {
            Directory.CreateDirectory(folder.Path);
            if (Directory.EnumerateFiles(folder.Path).Any())
                throw new StartupException($"The data folder '{folder.Path}' is not a sandbox's; choose one of its own with {DataFolder.Setting}.");
            File.WriteAllText(Path.Combine(folder.Path, Mark), "What is in this folder is made up: it belongs to a sandbox (--sandbox).\n");
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{folder.Path}' cannot be made; choose another with {DataFolder.Setting}.");
        }
    }

    /// <summary>Keeps a service that people rely on out of a sandbox's folder.</summary>
    /// <exception cref="StartupException">The folder is a sandbox's.</exception>
    public static void Refuse(DataFolder folder)
    {
        if (IsMarked(folder)) throw new StartupException($"The data folder '{folder.Path}' is a sandbox's, where everybody is made up; start with --sandbox or choose another with {DataFolder.Setting}.");
    }

    private static bool IsMarked(DataFolder folder) => File.Exists(Path.Combine(folder.Path, Mark));
}
