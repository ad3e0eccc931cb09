using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sos.Embedded.Storage;

namespace Sos.Reliability.Storage;

/// <summary>R-05 of the store, on a file system of 100 MB that is really full. Needs the right to mount one.</summary>
[Collection(nameof(RecordingFileSystem))]
public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sos-full-").FullName;
    private readonly List<Exception> _fatal = [];
    private readonly bool _mounted;

    public FullDiskTests() => _mounted = OperatingSystem.IsLinux() && AsRoot("mount", "-t", "tmpfs", "-o", "size=100m,mode=0777", "tmpfs", _folder);

    public void Dispose()
    {
        if (_mounted) AsRoot("umount", _folder);
        Directory.Delete(_folder);
    }

    [Fact]
    public async Task On_a_full_disk_1000_more_presses_are_taken_reads_go_on_and_it_recovers_alone()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true") Assert.SkipUnless(_mounted, "A tmpfs cannot be mounted here, so the disk cannot be filled.");
        Assert.True(_mounted, "A tmpfs cannot be mounted, and a CI run must not leave this out.");
        var answered = new List<RecordKey>();
        var data = new byte[6000];
        using (var store = Open())
        {
            Assert.True(File.Exists(Path.Combine(_folder, "ballast")));

            // Ordinary records: refused once when the disk is full, and for good when half of the reserve is used up.
            for (var refused = 0; refused < 2;)
            {
                if (!await Write(store, new RecordKey("ordinary", $"{answered.Count:00000}"), data, WriteLane.Ordinary, answered)) refused++;
            }

            Assert.False(File.Exists(Path.Combine(_folder, "ballast")));
            var ordinary = answered.Count;

            var pressed = 0;
            while (pressed < 1000 && await Write(store, new RecordKey("alert", $"{pressed:00000}"), data, WriteLane.Acceptance, answered)) pressed++;
            Assert.Equal(1000, pressed);
            Assert.False(await Write(store, new RecordKey("ordinary", "one more"), data, WriteLane.Ordinary, answered));
            foreach (var key in answered) Assert.NotNull(await store.Read(key));

            AsRoot("mount", "-o", "remount,size=400m", _folder);
            var waited = Stopwatch.StartNew();
            while (!await Write(store, new RecordKey("ordinary", "again"), data, WriteLane.Ordinary, answered)) Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30));
            while (!File.Exists(Path.Combine(_folder, "ballast")))
            {
                Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), "the reserve was not made again");
                await Write(store, new RecordKey("ordinary", $"{answered.Count:00000}"), data, WriteLane.Ordinary, answered);
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"{ordinary} ordinary records until full, then {pressed} presses, 0 answered and lost");
        }

        using (var store = Open())
        {
            foreach (var key in answered) Assert.NotNull(await store.Read(key));
        }

        Assert.Empty(_fatal);
    }

    private static async Task<bool> Write(SqliteRecordStore store, RecordKey key, byte[] data, WriteLane lane, List<RecordKey> answered)
    {
        try
        {
            await store.Write(key, data, 0, lane);
            answered.Add(key);
            return true;
        }
        catch (StoreFullException)
        {
            return false;
        }
    }

    // A CI machine runs as an ordinary user who may use sudo without a password.
    private static bool AsRoot(params string[] command) =>
        Environment.UserName == "root" ? Run(command[0], command[1..]) : File.Exists("/usr/bin/sudo") && Run("sudo", ["-n", .. command]);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private SqliteRecordStore Open() => new(
        new RecordStoreOptions { DataDirectory = _folder }, TimeProvider.System, NullLogger<SqliteRecordStore>.Instance, _fatal.Add);
}
