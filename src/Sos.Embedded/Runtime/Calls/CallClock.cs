namespace Sos.Embedded.Runtime.Calls;

/// <summary>
/// The clock that the age of calls is measured with. As on Orleans it is not the <see cref="TimeProvider"/> of grains: a test that stands
/// time still does not make calls immortal, and one that moves it does not expire them.
/// </summary>
internal abstract class CallClock
{
    /// <summary>Milliseconds that only grow.</summary>
    public abstract long Now { get; }

    /// <summary>The machine's monotonic clock, a few milliseconds coarse and a few nanoseconds dear.</summary>
    public sealed class Machine : CallClock
    {
        public override long Now => Environment.TickCount64;
    }
}
