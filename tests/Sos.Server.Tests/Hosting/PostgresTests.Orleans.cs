using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans.Runtime;
using Sos.Server.Hosting;
using Sos.Server.Hosting.Transfer;

namespace Sos.Server.Tests.Hosting;

/// <summary>The tables of a cluster and moving data into and out of them, each test in a database of its own.</summary>
public sealed class PostgresTests : IAsyncLifetime
{
    private const string Switch = "SOS_TEST_POSTGRES";
    private readonly string _name = $"sos_test_{Guid.NewGuid():N}";
    private readonly TemporaryFolder _files = new();
    private string _own = "";

    public async ValueTask InitializeAsync()
    {
        var given = Environment.GetEnvironmentVariable(Switch);
        Assert.SkipUnless(given is { Length: > 0 }, $"Needs PostgreSQL: set {Switch} to a connection string of a user who may make databases.");
        await Run(given, $"CREATE DATABASE {_name}");
        _own = new NpgsqlConnectionStringBuilder(given) { Database = _name, Pooling = false }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (_own.Length > 0) await Run(Environment.GetEnvironmentVariable(Switch)!, $"DROP DATABASE {_name} WITH (FORCE)");
        _files.Dispose();
    }

    [Fact]
    public async Task Servers_that_start_at_once_make_the_tables_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new PostgresDatabase(_own).Prepare(CancellationToken.None)));
        Assert.Equal(1L, await Run(_own, "SELECT count(*) FROM sos_schema"));
        Assert.Equal((long)PostgresSchema.Queries.Count, await Run(_own, "SELECT count(*) FROM OrleansQuery"));
    }

    [Fact]
    public async Task A_statement_that_a_newer_server_words_otherwise_is_replaced()
    {
        await new PostgresDatabase(_own).Prepare(CancellationToken.None);
        await Run(_own, "UPDATE OrleansQuery SET QueryText = 'of old' WHERE QueryKey = 'WriteToStorageKey'");
        await new PostgresDatabase(_own).Prepare(CancellationToken.None);
        Assert.Equal(PostgresSchema.Queries["WriteToStorageKey"], await Run(_own, "SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'WriteToStorageKey'"));
    }

    [Fact]
    public async Task Tables_of_another_service_are_left_alone()
    {
        await Run(_own, "CREATE TABLE OrleansQuery (QueryKey text, QueryText text)");
        await IsRefused(_own, "another Orleans service");
        Assert.Equal(0L, await Run(_own, "SELECT count(*) FROM OrleansQuery"));
    }

    [Fact]
    public async Task Tables_of_a_newer_version_are_left_alone()
    {
        await new PostgresDatabase(_own).Prepare(CancellationToken.None);
        await Run(_own, $"UPDATE sos_schema SET Version = {PostgresSchema.Version + 1}");
        await IsRefused(_own, "newer version");
    }

    [Fact]
    public async Task Who_may_not_make_tables_is_told_so()
    {
        await Run(_own, $"CREATE ROLE {_name} LOGIN PASSWORD 'x'");
        try
        {
            await IsRefused(new NpgsqlConnectionStringBuilder(_own) { Username = _name, Password = "x" }.ConnectionString, "may not make the tables");
        }
        finally
        {
            await Run(_own, $"DROP ROLE {_name}");
        }
    }

    [Fact]
    public async Task What_does_not_answer_or_is_not_there_is_told_with_its_address()
    {
        await IsRefused("Host=127.0.0.1;Port=1;Database=sos;Username=sos", "does not answer at 127.0.0.1:1");
        await IsRefused(new NpgsqlConnectionStringBuilder(_own) { Database = _name + "_gone" }.ConnectionString, "3D000");
    }

    [Theory]
    [InlineData("a database, please")]
    [InlineData("Host=x;Colour=red")]
    [InlineData("Database=sos")]
    public void What_is_no_connection_string_is_refused(string connection) => IsSentence(Assert.Throws<StartupException>(() => new PostgresDatabase(connection)).Message);

    [Fact]
    public async Task An_import_comes_out_again_as_it_went_in()
    {
        TransferItem[] items =
        [
            new TransferState(GrainId.Create("sos.alert", "0195a0b0c0d07000800000000000aaaa"), "alert", "{\"version\":3}"u8.ToArray()),
            new TransferState(GrainId.Create("sos.phone", "0a"), "phone", "{}"u8.ToArray()),
            new TransferState(GrainId.Create("sos.phone", "A"), "phone", Array.Empty<byte>()),
            new TransferState(GrainId.Create("sos.roster", "u/30+é"), "roster", new byte[100_000]),
            new TransferReminder(GrainId.Create("sos.alert", "0195a0b0c0d07000800000000000aaaa"), "due", new DateTime(2026, 3, 1, 12, 0, 0, 7, 7, DateTimeKind.Utc), TimeSpan.FromMinutes(1)),
        ];
        var file = Path.Combine(_files.Path, "all.sos");
        await using (var written = File.Create(file)) await ExportWriter.Write(written, new ExportHeader(ExportFormat.Name, ExportFormat.Version, "embedded", DateTimeOffset.UnixEpoch), items.ToAsyncEnumerable());
        await Transfer("import", file);
        Assert.Equal(items.Select(Plain).Order(StringComparer.Ordinal), (await Content()).Order(StringComparer.Ordinal));

        var second = Path.Combine(_files.Path, "again.sos");
        await Transfer("export", second);
        await using var read = File.OpenRead(second);
        Assert.Equal(new ExportCounts(4, 1), await ExportReader.Verify(read, second));

        var refusal = await Assert.ThrowsAsync<StartupException>(() => Transfer("import", file));
        Assert.Contains("holds data", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(items.Length, (await Content()).Count);
    }

    [Fact]
    public async Task An_import_that_is_refused_half_way_leaves_nothing()
    {
        var twice = new TransferState(GrainId.Create("sos.alert", "a"), "alert", "{}"u8.ToArray());
        await using var data = await StoredData.Open(Settings(), NullLoggerFactory.Instance);
        await Assert.ThrowsAsync<StartupException>(() => data.Fill(((TransferItem[])[twice, twice]).ToAsyncEnumerable()));
        Assert.Equal(0L, await Run(_own, "SELECT count(*) FROM sos_state"));
    }

    private static async Task<object?> Run(string connection, string sql)
    {
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync();
    }

    private static async Task IsRefused(string connection, string because)
    {
        var refusal = await Assert.ThrowsAsync<StartupException>(() => new PostgresDatabase(connection).Prepare(CancellationToken.None));
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
        IsSentence(refusal.Message);
    }

    private static void IsSentence(string message)
    {
        Assert.StartsWith("Sos:Orleans:Database ", message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static string Plain(TransferItem item) => item is TransferState state ? $"{state.Grain} {state.Name} {Convert.ToHexString(state.Bytes.Span)}" : item.ToString();

    private Task<string> Transfer(string verb, string file) => TransferCommand.From([verb, file, $"--Sos:Orleans:Database={_own}"])!.Run();

    private IConfiguration Settings() => new ConfigurationBuilder().AddInMemoryCollection([new("Sos:Orleans:Database", _own)]).Build();

    private async Task<List<string>> Content()
    {
        await using var data = await StoredData.Open(Settings(), NullLoggerFactory.Instance);
        var content = new List<string>();
        await foreach (var item in data.Read()) content.Add(Plain(item));
        return content;
    }
}
