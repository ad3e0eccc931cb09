using Orleans;

namespace Sos.Contracts.Alerts;

/// <summary>What became of a press.</summary>
public enum RaiseResult
{
    /// <summary>Taken; durable.</summary>
    Created,

    /// <summary>The same press again: answered from the record.</summary>
    Replayed,

    /// <summary>Same key, another request: refused. The alert of the first stands.</summary>
    KeyReused,

    /// <summary>The id is somebody else's alert; the caller must choose another.</summary>
    Foreign,
}

/// <summary>Answer to a press.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="View">The victim's view; null for <see cref="RaiseResult.Foreign"/>.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.raise-outcome")]
public sealed record RaiseOutcome([property: Id(0)] RaiseResult Result, [property: Id(1)] AlertView? View);

/// <summary>Why a command was not carried out.</summary>
public enum AlertRefusal
{
    /// <summary>It was carried out (or had been, by the same command before).</summary>
    None,

    /// <summary>No such alert for this caller: foreign and missing look the same.</summary>
    NotFound,

    /// <summary>Not from the present state; the view has it.</summary>
    IllegalMove,

    /// <summary>The caller acts on an older version.</summary>
    Stale,

    /// <summary>Somebody else has it.</summary>
    Taken,

    /// <summary>The responder is off duty.</summary>
    OffDuty,

    /// <summary>The responder has no capacity left.</summary>
    AtCapacity,

    /// <summary>Same idempotency key, another request.</summary>
    KeyReused,

    /// <summary>The alert's data has been destroyed.</summary>
    Erased,

    /// <summary>This responder and the victim must not meet.</summary>
    Excluded,

    /// <summary>It has as many attachments as it can have.</summary>
    Full,

    /// <summary>The upload took longer than its place was kept.</summary>
    Lapsed,
}

/// <summary>Answer to a command.</summary>
/// <param name="Refusal">None when carried out.</param>
/// <param name="View">The caller's view afterwards; null for <see cref="AlertRefusal.NotFound"/>.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.outcome")]
public sealed record AlertOutcome([property: Id(0)] AlertRefusal Refusal, [property: Id(1)] AlertView? View)
{
    /// <summary>No such alert for this caller.</summary>
    public static AlertOutcome NotFound { get; } = new(AlertRefusal.NotFound, null);
}
