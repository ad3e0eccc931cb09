using System.Runtime.CompilerServices;

namespace Sos.Architecture.Tests;

/// <summary>The repository on disk, found from where this file was compiled.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>C# files of src and tests, relative to the root with forward slashes.</summary>
    public static IReadOnlyList<string> Sources { get; } =
        [.. new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/"))
            .Order(StringComparer.Ordinal)];

    public static string[] Lines(string relative) => File.ReadAllLines(Path.Combine(Root, relative));

    public static string Text(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string Find([CallerFilePath] string here = "")
    {
        // A deterministic build maps paths; then the tests' own folder leads up to the repository.
        foreach (var start in new[] { Path.GetDirectoryName(here), AppContext.BaseDirectory })
        {
            for (var folder = start; !string.IsNullOrEmpty(folder) && Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "Sos.Orleans.sln"))) return folder;
            }
        }

        throw new InvalidOperationException("Sos.Orleans.sln was not found above the tests.");
    }
}
