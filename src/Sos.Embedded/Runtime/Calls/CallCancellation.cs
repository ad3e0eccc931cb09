namespace Sos.Embedded.Runtime.Calls;

/// <summary>
/// Carries the cancellation of a call from the caller's token to the callee's. The caller's await ends at once; the callee is told in a
/// turn of its own and may finish all the same.
/// </summary>
internal sealed class CallCancellation : IDisposable
{
    private readonly ISilo _silo;
    private readonly GrainCall _call;
    private readonly CancellationToken _callersToken;
    private readonly CancellationTokenSource _callees = new();
    private CancellationTokenRegistration _registration;
    private RequestTarget? _target;

    private CallCancellation(ISilo silo, GrainCall call, CancellationToken callersToken)
    {
        _silo = silo;
        _call = call;
        _callersToken = callersToken;
    }

    /// <summary>Links the token among the arguments of a call, if it can be cancelled.</summary>
    public static void Link(ISilo silo, GrainCall call)
    {
        var token = call.GetToken();
        if (!token.CanBeCanceled) return;

        token.ThrowIfCancellationRequested();
        var link = new CallCancellation(silo, call, token);
        call.SetToken(link._callees.Token);
        call.Cancellation = link;
        link._registration = token.UnsafeRegister(static state => ((CallCancellation)state!).Cancel(), link);
    }

    /// <summary>The call has been queued at a target.</summary>
    public void SentTo(RequestTarget target) => Volatile.Write(ref _target, target);

    /// <summary>The caller has been answered.</summary>
    public void Release() => _registration.Unregister();

    public void Dispose() => _callees.Dispose();

    private void Cancel()
    {
        _call.FailElsewhere(_silo, new OperationCanceledException(_callersToken));
        if (Volatile.Read(ref _target) is { } target)
            target.Cancel(_call, _callees);
        else
            _callees.Cancel();
    }
}
