using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Audit;

/// <summary>The chains of a month that have entries, so that one that is missing is missed. Key: the month, like <c>202611</c>.</summary>
[Alias("sos.audit.IAuditIndexGrain")]
public interface IAuditIndexGrain : IGrainWithStringKey
{
    /// <summary>Lists a chain; durable, known ones cost no write.</summary>
    [Alias("Add")] Task Add(string chain);

    /// <summary>Every chain, in order.</summary>
    [Alias("List")] Task<ImmutableArray<string>> List();
}
