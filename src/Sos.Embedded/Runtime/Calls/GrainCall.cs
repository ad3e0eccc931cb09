using System.Runtime.CompilerServices;
using Sos.Embedded.Runtime.Copying;

namespace Sos.Embedded.Runtime.Calls;

/// <summary>
/// One request on its way: the arguments, the message and the promise to the caller in one object. For each method the runtime makes a
/// sealed class with typed fields for the arguments.
/// </summary>
internal abstract class GrainCall
{
    private const int Open = 0, Answered = 1;

    private int _answered;

    /// <summary>The next call in the list that holds this one; a call is in one list at a time.</summary>
    public GrainCall? Next;

    /// <summary>The activation that made the call; null for a client.</summary>
    public IActivation? Source;

    /// <summary>The request context, or null. Never changed once it is here.</summary>
    public Dictionary<string, object>? Context;

    /// <summary>When the caller stops waiting, in milliseconds of the call clock; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline = long.MaxValue;

    /// <summary>Set where the caller can cancel.</summary>
    public CallCancellation? Cancellation;

    public abstract GrainMethod Method { get; }

    public CallOptions Options => Method.Options;

    public bool IsAnswered => Volatile.Read(ref _answered) != Open;

    /// <summary>Calls the method. Runs in a turn of the target.</summary>
    /// <returns>What the method returned.</returns>
    public abstract Task Invoke(object target);

    /// <summary>The result of a task that <see cref="Invoke"/> returned and that has succeeded, for call filters.</summary>
    public abstract object? ResultOf(Task completed);

    /// <summary>The token among the arguments.</summary>
    public virtual CancellationToken GetToken() => default;

    /// <summary>Replaces the token among the arguments.</summary>
    public virtual void SetToken(CancellationToken token)
    {
    }

    /// <summary>Answers the caller with the outcome of a task that <see cref="Invoke"/> returned, or that of <see cref="IncomingCall.Run"/>.</summary>
    public void Answer(Task completed)
    {
        if (completed is Task<FilteredResult> { IsCompletedSuccessfully: true } filtered)
            Succeed(filtered.Result.Value);
        else if (completed.IsCompletedSuccessfully)
            Succeed(completed);
        else
            Fail(completed.Exception is { } failure ? failure.InnerExceptions[0] : new TaskCanceledException(completed));
    }

    /// <summary>Answers the caller with the result of a task that has succeeded.</summary>
    protected abstract void Succeed(Task completed);

    /// <summary>Answers the caller with a result that a call filter may have replaced.</summary>
    protected abstract void Succeed(object? result);

    /// <summary>Answers the caller with an exception, unless it has been answered.</summary>
    public void Fail(Exception exception)
    {
        if (!TryAnswer()) return;

        SetException(exception);
    }

    /// <summary>Answers the caller with an exception from a thread on which the caller's code must not run.</summary>
    /// <returns>Whether it was not answered before.</returns>
    public bool FailElsewhere(ISilo silo, Exception exception)
    {
        if (!TryAnswer()) return false;
        if (Method.IsOneWay) return true;

        silo.RunElsewhere(
            static state =>
            {
                var (call, exception) = ((GrainCall, Exception))state!;
                call.SetException(exception);
            },
            (this, exception));
        return true;
    }

    protected abstract void SetException(Exception exception);

    /// <summary>Claims the right to answer. Answer, timeout, cancellation and crash race for it.</summary>
    protected bool TryAnswer()
    {
        if (Interlocked.Exchange(ref _answered, Answered) != Open) return false;

        Cancellation?.Release();
        return true;
    }
}

/// <summary>A call with a result; <see cref="Nothing"/> where the method has none.</summary>
internal abstract class GrainCall<TResult> : GrainCall
{
    // The builder is the one public way to a task that is its own promise: a TaskCompletionSource would be a second object.
    private AsyncTaskMethodBuilder<TResult> _promise;

    /// <summary>Makes the task that the caller awaits. To be called before the call is sent, as its answer may come from any thread.</summary>
    public Task<TResult> MakePromise() => _promise.Task;

    public override object? ResultOf(Task completed) => typeof(TResult) == typeof(Nothing) ? null : ((Task<TResult>)completed).Result;

    // The caller's continuation does not run in here: an answer is given in a turn, and on a task scheduler other than its own an await
    // is never resumed in line. Answers from elsewhere take FailElsewhere.
    protected override void Succeed(Task completed)
    {
        var result = completed is Task<TResult> typed ? typed.Result : default!;
        Succeed(result);
    }

    protected override void Succeed(object? result) => Succeed(result is TResult typed ? typed : default!);

    protected override void SetException(Exception exception)
    {
        if (!Method.IsOneWay) _promise.SetException(exception);
    }

    private void Succeed(TResult result)
    {
        if (Method.IsOneWay || IsAnswered) return;

        TResult copy;
        try
        {
            copy = Copier<TResult>.Copy(result);
        }
        catch (Exception failure)
        {
            Fail(failure);
            return;
        }

        if (TryAnswer()) _promise.SetResult(copy);
    }
}

/// <summary>The result of a method that has none.</summary>
internal readonly struct Nothing;
