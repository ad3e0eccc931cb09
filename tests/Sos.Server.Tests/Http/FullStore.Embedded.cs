using Sos.Embedded.Storage;

namespace Sos.Server.Tests.Http;

/// <summary>What a write meets when the disk under the store has no room.</summary>
internal static class FullStore
{
    public static Exception Failure() => new StoreFullException();
}
