using Sos.Server.Hosting;

namespace Sos.Server.Tests.Hosting;

public sealed class MemoryTests
{
    [Fact]
    public void A_service_outside_Development_refuses_to_keep_everything_in_memory()
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<StartupException>(() => SosApplication.Build(["--environment=Production", "--Sos:Messaging:Gateway=none", $"--Sos:DataDirectory={folder.Path}"]));
        Assert.Contains("Sos:Orleans:Database", refusal.Message, StringComparison.Ordinal);
    }
}
