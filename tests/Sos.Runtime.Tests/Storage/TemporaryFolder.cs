namespace Sos.Runtime.Tests.Storage;

/// <summary>A folder of its own for one test, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sos-store-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
