namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    /// <summary>Makes a reason.</summary>
    /// <param name="code">The kind of reason.</param>
    /// <param name="text">A sentence for the log.</param>
    public DeactivationReason(DeactivationReasonCode code, string text) : this(code, null, text)
    {
    }

    /// <summary>Makes a reason that an exception stands behind.</summary>
    /// <param name="code">The kind of reason.</param>
    /// <param name="exception">What went wrong.</param>
    /// <param name="text">A sentence for the log.</param>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>A sentence for the log.</summary>
    public string Description { get; }

    /// <summary>What went wrong, if anything did.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() => Exception is null ? $"{ReasonCode}: {Description}" : $"{ReasonCode}: {Description} Exception: {Exception}";
}

/// <summary>The kinds of reasons for which an activation ends.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>No reason was given.</summary>
    None,

    /// <summary>The process is shutting down.</summary>
    ShuttingDown,

    /// <summary>The activation could not be made.</summary>
    ActivationFailed,

    /// <summary>The grain directory failed. Not given by the embedded runtime.</summary>
    DirectoryFailure,

    /// <summary>The activation was idle for longer than its collection age.</summary>
    ActivationIdle,

    /// <summary>The activation did not answer. Not given by the embedded runtime.</summary>
    ActivationUnresponsive,

    /// <summary>Another activation of the grain exists. Not given by the embedded runtime.</summary>
    DuplicateActivation,

    /// <summary>A request was made for another version. Not given by the embedded runtime.</summary>
    IncompatibleRequest,

    /// <summary>The application failed, for example with a storage conflict that escaped a request.</summary>
    ApplicationError,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,

    /// <summary>The activation moves to another silo. Not given by the embedded runtime.</summary>
    Migrating,

    /// <summary>The runtime asked for it.</summary>
    RuntimeRequested,

    /// <summary>Memory is short. Not given by the embedded runtime.</summary>
    HighMemoryPressure,
}
