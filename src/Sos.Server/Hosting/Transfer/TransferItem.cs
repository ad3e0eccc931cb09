using Orleans;
using Orleans.Runtime;

namespace Sos.Server.Hosting.Transfer;

/// <summary>One thing that the service has stored, whatever it is stored in.</summary>
internal abstract record TransferItem(GrainId Grain, string Name);

/// <summary>A grain's state.</summary>
/// <param name="Grain">The grain.</param>
/// <param name="Name">The state's name.</param>
/// <param name="Bytes">What the one codec of states wrote; the same on every runtime.</param>
internal sealed record TransferState(GrainId Grain, string Name, ReadOnlyMemory<byte> Bytes) : TransferItem(Grain, Name);

/// <summary>A grain's state, encrypted once more with the key of its backup.</summary>
/// <param name="Grain">The grain.</param>
/// <param name="Name">The state's name.</param>
/// <param name="Bytes">What <c>BackupKeys</c> made of the state's bytes.</param>
internal sealed record TransferSealed(GrainId Grain, string Name, ReadOnlyMemory<byte> Bytes) : TransferItem(Grain, Name);

/// <summary>A reminder.</summary>
/// <param name="Grain">The grain.</param>
/// <param name="Name">The reminder's name.</param>
/// <param name="StartAt">First tick, UTC; whole microseconds, which is what every store keeps.</param>
/// <param name="Period">Time between ticks; whole milliseconds.</param>
internal sealed record TransferReminder(GrainId Grain, string Name, DateTime StartAt, TimeSpan Period) : TransferItem(Grain, Name)
{
    /// <summary>A stored reminder.</summary>
    public static TransferReminder From(ReminderEntry row) => new(
        row.GrainId,
        row.ReminderName,
        new DateTime(row.StartAt.Ticks - (row.StartAt.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc),
        TimeSpan.FromMilliseconds(Math.Floor(row.Period.TotalMilliseconds)));

    /// <summary>The reminder as a row.</summary>
    public ReminderEntry ToRow() => new() { GrainId = Grain, ReminderName = Name, StartAt = StartAt, Period = Period };
}
