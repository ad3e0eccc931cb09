namespace Sos.Server.Hosting;

/// <summary>The one folder in which the service keeps what must outlive it: setting <c>Sos:DataDirectory</c>, default <c>./data</c>.</summary>
public sealed class DataFolder(IConfiguration configuration)
{
    /// <summary>The setting's name.</summary>
    public const string Setting = "Sos:DataDirectory";

    /// <summary>Full path; made by the record store, which also locks it against a second process.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(configuration[Setting] is { Length: > 0 } path ? path : "./data");
}
