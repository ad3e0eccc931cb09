using Npgsql;

namespace Sos.Server.Tests.Http;

/// <summary>What a write meets when the disk under the database has no room.</summary>
internal static class FullStore
{
    public static Exception Failure() => new PostgresException("could not extend file: No space left on device", "ERROR", "ERROR", PostgresErrorCodes.DiskFull);
}
