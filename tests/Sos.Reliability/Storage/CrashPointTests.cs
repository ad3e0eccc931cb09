using Microsoft.Extensions.Logging.Abstractions;
using Sos.Embedded.Storage;
using SQLitePCL;

namespace Sos.Reliability.Storage;

/// <summary>
/// of the store: a kill at every single operation on its files, and power cuts at random ones. Without the kill loops' switch every eighth
/// operation and fifty power cuts, so that the tests of everybody's machine stay short.
/// </summary>
[Collection(nameof(RecordingFileSystem))]
public sealed class CrashPointTests : IDisposable
{
    private const int Steps = 40;
    private static readonly int Every = ServerUnderFire.IsAskedFor ? 1 : 8;
    private static readonly int PowerCuts = ServerUnderFire.IsAskedFor ? 500 : 50;
    private readonly string _folder = Directory.CreateTempSubdirectory("sos-crash-").FullName;
    private readonly string _image = MakeImageFolder();
    private readonly List<Dictionary<RecordKey, byte[]>> _states = [new()];

    public void Dispose()
    {
        RecordingFileSystem.Stop();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_image, recursive: true);
    }

    [Fact]
    public async Task A_kill_at_any_operation_on_the_files_loses_no_answered_write_and_splits_no_group()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var operations = await Run(random);
        var points = 0;
        for (var end = random.Next(Every); end <= operations.Count; end += Every)
        {
            points++;
            DiskImage.AfterKill(operations.Take(end)).WriteTo(_image);
            Check(operations, end, $"seed {seed}, killed after operation {end}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {points} kill points of {operations.Count + 1}, {Steps} groups, 0 lost, 0 split");
    }

    [Fact]
    public async Task Of_hundreds_of_power_cuts_none_loses_an_answered_write_or_splits_a_group()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var operations = await Run(random);
        for (var i = 0; i < PowerCuts; i++)
        {
            var end = random.Next(operations.Count + 1);
            DiskImage.AfterPowerCut([.. operations.Take(end)], random).WriteTo(_image);
            Check(operations, end, $"seed {seed}, power cut {i} after operation {end}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {PowerCuts} power cuts over {operations.Count} operations, 0 lost, 0 split");
    }

    /// <summary>Groups of one to six writes, each committed in one transaction; keeps the contents after each.</summary>
    private async Task<IReadOnlyList<DiskOperation>> Run(Random random)
    {
        var operations = RecordingFileSystem.Record(_folder);
        using (var database = SqliteDatabase.Open(Path.Combine(_folder, "sos.db")))
        {
            var groups = new GroupCommit(database, new Ballast("", 0, TimeProvider.System, NullLogger.Instance), NullLogger.Instance);
            var versions = new Dictionary<RecordKey, long>();
            for (var step = 0; step < Steps; step++)
            {
                var group = MakeGroup(versions, random);
                groups.Run([.. group]);
                foreach (var write in group) versions[write.Key] = write.Data is null ? 0 : await write.Answer;
                RecordingFileSystem.MarkAnswered();
            }
        }

        RecordingFileSystem.Stop();
        return operations;
    }

    private List<WriteRequest> MakeGroup(Dictionary<RecordKey, long> versions, Random random)
    {
        var next = new Dictionary<RecordKey, byte[]>(_states[^1]);
        var group = new List<WriteRequest>();
        for (var i = random.Next(1, 7); i > 0; i--)
        {
            var key = new RecordKey($"kind{random.Next(2)}", $"key{random.Next(12)}");
            if (group.Any(write => write.Key == key)) continue;
            var version = versions.GetValueOrDefault(key);
            if (version != 0 && random.Next(4) == 0)
            {
                group.Add(new WriteRequest(key, null, version, WriteLane.Ordinary));
                next.Remove(key);
                continue;
            }

            var data = new byte[random.Next(1, random.Next(5) == 0 ? 30_000 : 2000)];
            random.NextBytes(data);
            group.Add(new WriteRequest(key, data, version, WriteLane.Ordinary));
            next[key] = data;
        }

        _states.Add(next);
        return group;
    }

    /// <summary>What is on the disk is the contents after the last answered step, or after the one that was under way.</summary>
    private void Check(IReadOnlyList<DiskOperation> operations, int end, string when)
    {
        var answered = operations.Take(end).Count(operation => operation.Action == DiskAction.Answered);
        var found = new Dictionary<RecordKey, byte[]>();
        var path = Path.Combine(_image, "sos.db");
        using (var database = SqliteDatabase.Open(path))
        {
            foreach (var kind in (string[])["kind0", "kind1"])
            {
                var page = database.Scan(kind, null, 1000);
                Assert.True(page.Damaged.Count == 0, $"{when}: damaged records");
                foreach (var record in page.Records) found[record.Key] = record.Data.ToArray();
            }
        }

        Assert.True(Same(found, _states[answered]) || (answered < Steps && Same(found, _states[answered + 1])), $"{when}: {answered} steps answered, the contents are of none of the two possible");
        Assert.True(IsIntact(path), $"{when}: integrity_check");
    }

    // Thousands of images are opened and thrown away: in memory, where there is such a folder.
    private static string MakeImageFolder()
    {
        var root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(root, $"sos-image-{Guid.NewGuid():N}")).FullName;
    }

    private static bool Same(Dictionary<RecordKey, byte[]> left, Dictionary<RecordKey, byte[]> right)
        => left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var data) && data.AsSpan().SequenceEqual(pair.Value));

    private static bool IsIntact(string path)
    {
        raw.sqlite3_open(path, out var db);
        try
        {
            raw.sqlite3_prepare_v2(db, "PRAGMA integrity_check", out var statement);
            var intact = raw.sqlite3_step(statement) == raw.SQLITE_ROW && raw.sqlite3_column_text(statement, 0).utf8_to_string() == "ok";
            raw.sqlite3_finalize(statement);
            return intact;
        }
        finally
        {
            raw.sqlite3_close_v2(db);
        }
    }
}
