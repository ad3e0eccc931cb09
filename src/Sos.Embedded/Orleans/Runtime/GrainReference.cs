using Sos.Embedded.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Orleans.Runtime;

/// <summary>A reference to a grain or an observer. For each interface the runtime makes a class that derives from this one.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    internal GrainReference(ISilo silo, GrainId grainId)
    {
        Silo = silo;
        GrainId = grainId;
    }

    /// <summary>The id of the grain.</summary>
    public GrainId GrainId { get; }

    internal ISilo Silo { get; }

    // Where the last call went. It may have ended since; then it turns the next call away and the directory is asked again.
    internal RequestTarget? Target { get; set; }

    /// <summary>Two references are equal when they name the same grain, whatever their interface.</summary>
    /// <param name="other">The other reference.</param>
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public sealed override string ToString() => $"GrainReference:{GrainId}";

    /// <summary>Sends a call of a method that returns a task. Made references call this.</summary>
    internal Task<TResult> Send<TResult>(GrainCall<TResult> call)
    {
        if (call.Method.IsOneWay)
        {
            Silo.Send(this, call);
            return OneWayAnswer<TResult>.Task;
        }

        var answer = call.MakePromise();
        Silo.Send(this, call);
        return answer;
    }

    /// <summary>Sends a call of a method that returns a value task with a result.</summary>
    internal ValueTask<TResult> SendForValue<TResult>(GrainCall<TResult> call) => new(Send(call));

    /// <summary>Sends a call of a method that returns a value task.</summary>
    internal ValueTask SendForValue(GrainCall<Nothing> call) => new(Send(call));

    /// <summary>Sends a call of a method that returns nothing to wait for.</summary>
    internal void Post(GrainCall<Nothing> call) => Silo.Send(this, call);

    /// <inheritdoc/>
    public static bool operator ==(GrainReference? left, GrainReference? right) => left is null ? right is null : left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(GrainReference? left, GrainReference? right) => !(left == right);
}

/// <summary>What the caller of a one-way method gets: it is complete when the call is on its way.</summary>
internal static class OneWayAnswer<TResult>
{
    public static readonly Task<TResult> Task = System.Threading.Tasks.Task.FromResult<TResult>(default!);
}
