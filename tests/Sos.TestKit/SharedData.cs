using System.Runtime.CompilerServices;

namespace Sos.TestKit;

/// <summary>Real inputs that lie beside the project and not in it: a folder <c>shared/data</c> somewhere above. Tests that need one skip where it is not.</summary>
public static class SharedData
{
    /// <summary>The file's path; null where it is not.</summary>
    public static string? Find(string relative, [CallerFilePath] string here = "")
    {
        foreach (var start in new[] { Path.GetDirectoryName(here), AppContext.BaseDirectory })
        {
            for (var folder = start; !string.IsNullOrEmpty(folder) && Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            {
                var path = Path.Combine(folder, "shared", "data", relative);
                if (File.Exists(path)) return path;
            }
        }

        return null;
    }
}
