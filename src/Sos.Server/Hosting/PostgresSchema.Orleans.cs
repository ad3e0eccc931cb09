namespace Sos.Server.Hosting;

/// <summary>
/// The tables of a cluster and the statements with which Orleans' ADO.NET providers use them. The providers read the statements from the
/// table <c>OrleansQuery</c> by the keys that they ask for (<c>DbStoredQueries</c>, <c>AdoNetGrainStorage</c>), give the parameters
/// that begin with @, and read results by column name; names and types here follow that, everything else is ours.
/// </summary>
/// <remarks>Every statement takes effect whole or not at all, and is right under READ COMMITTED: changes of membership queue at the row of the version.</remarks>
internal static class PostgresSchema
{
    /// <summary>Version of the tables; a change to them comes with a step from the version before.</summary>
    public const int Version = 1;

    /// <summary>The tables.</summary>
    public const string Tables = """
        CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);

        CREATE TABLE sos_membership (DeploymentId text PRIMARY KEY, Version integer NOT NULL);

        CREATE TABLE sos_silo (
            DeploymentId text NOT NULL REFERENCES sos_membership ON DELETE CASCADE,
            Address text NOT NULL, Port integer NOT NULL, Generation integer NOT NULL,
            SiloName text NOT NULL, HostName text NOT NULL, Status integer NOT NULL, ProxyPort integer NOT NULL,
            SuspectTimes text, StartTime timestamptz NOT NULL, IAmAliveTime timestamptz NOT NULL,
            PRIMARY KEY (DeploymentId, Address, Port, Generation));

        CREATE TABLE sos_state (
            ServiceId text NOT NULL, Grain text NOT NULL, Name text NOT NULL,
            Version integer NOT NULL, Payload bytea NOT NULL,
            PRIMARY KEY (ServiceId, Grain, Name)) WITH (fillfactor = 70);

        CREATE TABLE sos_reminder (
            ServiceId text NOT NULL, GrainId text NOT NULL, ReminderName text NOT NULL,
            StartTime timestamptz NOT NULL, Period bigint NOT NULL, GrainHash integer NOT NULL, Version integer NOT NULL,
            PRIMARY KEY (ServiceId, GrainId, ReminderName));
        CREATE INDEX sos_reminder_hash ON sos_reminder (ServiceId, GrainHash);

        CREATE TABLE sos_schema (Version integer NOT NULL);
        """;

    private const string ThisSilo = "DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation";
    private const string ThisState = "ServiceId = @ServiceId AND Grain = @GrainIdExtensionString AND Name = @GrainTypeString";
    private const string Silos = "SELECT v.Version, s.Address, s.Port, s.Generation, s.SiloName, s.HostName, s.Status, s.ProxyPort, s.SuspectTimes, s.StartTime, s.IAmAliveTime";
    private const string Reminders = "SELECT GrainId, ReminderName, StartTime, Period, Version FROM sos_reminder WHERE ServiceId = @ServiceId";

    /// <summary>Raises the version of the membership from the one that the silo has seen; whoever comes second finds another one.</summary>
    private const string Raise = "UPDATE sos_membership SET Version = Version + 1 WHERE DeploymentId = @DeploymentId AND Version = @Version";

    /// <summary>The statements by the providers' keys.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        // Membership. SiloStatus: 3 is active, 6 is dead.
        ["InsertMembershipVersionKey"] = "WITH added AS (INSERT INTO sos_membership VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1) SELECT count(*) > 0 FROM added",
        ["InsertMembershipKey"] = $"""
            WITH raised AS ({Raise} AND NOT EXISTS (SELECT 1 FROM sos_silo WHERE {ThisSilo}) RETURNING 1),
            added AS (INSERT INTO sos_silo (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
                SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM raised RETURNING 1)
            SELECT count(*) > 0 FROM added
            """,
        ["UpdateMembershipKey"] = $"""
            WITH raised AS ({Raise} AND EXISTS (SELECT 1 FROM sos_silo WHERE {ThisSilo}) RETURNING 1),
            changed AS (UPDATE sos_silo SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
                WHERE {ThisSilo} AND EXISTS (SELECT 1 FROM raised) RETURNING 1)
            SELECT count(*) > 0 FROM changed
            """,
        ["UpdateIAmAlivetimeKey"] = $"UPDATE sos_silo SET IAmAliveTime = @IAmAliveTime WHERE {ThisSilo}",
        ["MembershipReadRowKey"] = $"{Silos} FROM sos_membership v LEFT JOIN sos_silo s ON s.DeploymentId = v.DeploymentId AND s.Address = @Address AND s.Port = @Port AND s.Generation = @Generation WHERE v.DeploymentId = @DeploymentId",
        ["MembershipReadAllKey"] = $"{Silos} FROM sos_membership v LEFT JOIN sos_silo s ON s.DeploymentId = v.DeploymentId WHERE v.DeploymentId = @DeploymentId",
        ["GatewaysQueryKey"] = "SELECT Address, ProxyPort, Generation FROM sos_silo WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0",
        ["DeleteMembershipTableEntriesKey"] = "DELETE FROM sos_membership WHERE DeploymentId = @DeploymentId",
        ["CleanupDefunctSiloEntriesKey"] = "DELETE FROM sos_silo WHERE DeploymentId = @DeploymentId AND Status = 6 AND IAmAliveTime < @IAmAliveTime",

        // States. A record that comes again after it was cleared must not have a version that somebody still remembers: it begins at random.
        ["ReadFromStorageKey"] = $"SELECT Payload AS PayloadBinary, Version FROM sos_state WHERE {ThisState}",
        ["WriteToStorageKey"] = $"""
            WITH changed AS (UPDATE sos_state SET Payload = @PayloadBinary, Version = Version + 1 WHERE {ThisState} AND Version = @GrainStateVersion RETURNING Version),
            added AS (INSERT INTO sos_state SELECT @ServiceId, @GrainIdExtensionString, @GrainTypeString, 1 + floor(random() * 1000000000)::integer, @PayloadBinary
                WHERE @GrainStateVersion IS NULL ON CONFLICT DO NOTHING RETURNING Version)
            SELECT Version AS NewGrainStateVersion FROM changed UNION ALL SELECT Version FROM added
            """,
        ["ClearStorageKey"] = $"DELETE FROM sos_state WHERE {ThisState} AND Version = @GrainStateVersion RETURNING Version + 1",
        ["DeleteStorageKey"] = $"DELETE FROM sos_state WHERE {ThisState} AND Version = @GrainStateVersion RETURNING Version + 1",

        // Reminders. Hashes are signed here, and a range (begin, end] may go round.
        ["ReadReminderRowsKey"] = $"{Reminders} AND GrainId = @GrainId",
        ["ReadReminderRowKey"] = $"{Reminders} AND GrainId = @GrainId AND ReminderName = @ReminderName",
        ["ReadRangeRows1Key"] = $"{Reminders} AND GrainHash > @BeginHash AND GrainHash <= @EndHash",
        ["ReadRangeRows2Key"] = $"{Reminders} AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)",
        ["UpsertReminderRowKey"] = """
            INSERT INTO sos_reminder AS r VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 1)
            ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
                SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = r.Version + 1
            RETURNING Version
            """,
        ["DeleteReminderRowKey"] = "WITH gone AS (DELETE FROM sos_reminder WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version RETURNING 1) SELECT count(*) > 0 FROM gone",
        ["DeleteReminderRowsKey"] = "DELETE FROM sos_reminder WHERE ServiceId = @ServiceId",
    };
}
