using Microsoft.Extensions.Logging.Abstractions;
using Sos.Embedded.Storage;

namespace Sos.Runtime.Tests.Storage;

/// <summary>R-06: whatever happens to the file, a record is served as it was written, or refused by its name.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int PageSize = 8192;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_1000_random_damages_none_makes_the_store_serve_a_wrong_value()
    {
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var written = await Fill(random);
        var sound = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "sos.db"));
        var outcome = new Dictionary<string, int>();
        for (var i = 0; i < 1000; i++)
        {
            var damaged = (byte[])sound.Clone();
            var what = Damage(ref damaged, random);
            var result = Check(damaged, written, $"seed {seed}, damage {i}: {what}");
            outcome[$"{what.Split(' ')[0]} {result}"] = outcome.GetValueOrDefault($"{what.Split(' ')[0]} {result}") + 1;
        }

        foreach (var (name, count) in outcome.OrderBy(pair => pair.Key, StringComparer.Ordinal)) TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {count}");
        Assert.Contains(outcome, pair => pair.Key.EndsWith("detected", StringComparison.Ordinal));
    }

    private static string Damage(ref byte[] file, Random random)
    {
        var pages = file.Length / PageSize;
        switch (random.Next(5))
        {
            case 0:
                Array.Resize(ref file, random.Next(1, file.Length));
                return $"truncate to {file.Length}";
            case 1:
                var zeroed = random.Next(pages);
                file.AsSpan(zeroed * PageSize, PageSize).Clear();
                return $"zero page {zeroed + 1}";
            case 2:
                var (a, b) = (random.Next(pages), random.Next(pages));
                var kept = file.AsSpan(a * PageSize, PageSize).ToArray();
                file.AsSpan(b * PageSize, PageSize).CopyTo(file.AsSpan(a * PageSize));
                kept.CopyTo(file.AsSpan(b * PageSize));
                return $"swap pages {a + 1} and {b + 1}";
            case 3:
                var sector = random.Next(file.Length / 512);
                random.NextBytes(file.AsSpan(sector * 512, 512));
                return $"garbage sector {sector}";
            default:
                var (at, bit) = (random.Next(file.Length), random.Next(8));
                file[at] ^= (byte)(1 << bit);
                return $"flip byte {at} bit {bit}";
        }
    }

    private string Check(byte[] file, Dictionary<RecordKey, byte[]> written, string what)
    {
        var path = Path.Combine(_folder.Path, "damaged.db");
        File.WriteAllBytes(path, file);
        File.Delete(path + "-journal");
        SqliteDatabase database;
        try
        {
            database = SqliteDatabase.Open(path);
        }
        catch (SqliteFailure)
        {
            return "detected";
        }

        var refused = 0;
        using (database)
        {
            foreach (var (key, data) in written)
            {
                try
                {
                    var record = database.Read(key);
                    Assert.True(record is not null, $"{what}: {key} was said not to exist");
                    Assert.True(record.Data.Span.SequenceEqual(data), $"{what}: {key} was served changed");
                }
                catch (DamagedRecordException damaged)
                {
                    Assert.Equal(key, damaged.Key);
                    refused++;
                }
            }
        }

        return refused > 0 ? "detected" : "harmless";
    }

    private async Task<Dictionary<RecordKey, byte[]>> Fill(Random random)
    {
        var written = new Dictionary<RecordKey, byte[]>();
        var options = new RecordStoreOptions { DataDirectory = _folder.Path, BallastBytes = 0 };
        using var store = new SqliteRecordStore(options, TimeProvider.System, NullLogger<SqliteRecordStore>.Instance, failure => Assert.Fail(failure.Message));
        for (var i = 0; i < 300; i++)
        {
            var data = new byte[random.Next(20, i % 30 == 0 ? 20_000 : 1500)];
            random.NextBytes(data);
            var key = new RecordKey($"sos.kind{i % 3}/state", Convert.ToHexString(data.AsSpan(0, 16)));
            written[key] = data;
            await store.Write(key, data, 0, WriteLane.Ordinary);
        }

        return written;
    }
}
