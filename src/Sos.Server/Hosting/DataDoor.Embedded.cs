using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;
using Sos.Embedded.State;
using Sos.Server.Hosting.Transfer;

namespace Sos.Server.Hosting;

/// <summary>
/// The door through which <c>backup</c> gets what a running service has stored, since nobody else may open the folder: a named pipe of this machine that only the
/// service's own account can open, which could read the folder anyway. What comes through is sealed as it is stored.
/// </summary>
internal sealed partial class DataDoor(DataFolder folder, IServiceProvider services, TimeProvider time, ILogger<DataDoor> logger) : BackgroundService
{
    /// <summary>Time for the service to open; one that is there answers at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Connects to the service that uses a folder; null when none does.</summary>
    public static async Task<Stream?> Knock(DataFolder folder)
    {
        var pipe = new NamedPipeClientStream(".", NameOf(folder), PipeDirection.In, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.ConnectAsync(Patience, CancellationToken.None);
            return pipe;
        }
        catch (TimeoutException)
        {
            await pipe.DisposeAsync();
            return null;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The silo has opened it by now, or the start has ended with its sentence.
        var data = services.GetRequiredService<RunningData>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var pipe = new NamedPipeServerStream(NameOf(folder), PipeDirection.Out, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
                await pipe.WaitForConnectionAsync(stoppingToken);
                var counts = await ExportWriter.Write(pipe, new ExportHeader(ExportFormat.Name, ExportFormat.Version, SosSilo.Runtime, time.GetUtcNow()), Items(data, stoppingToken));
                LogRead(counts.States);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                // Who read has gone or was too slow, a record is damaged, or the name is taken: the reader gets no end and says so, and nothing of the service depends on it.
                LogTrouble(trouble.GetType().Name);
                await Task.Delay(Patience, time, stoppingToken);
            }
        }
    }

    private static async IAsyncEnumerable<TransferItem> Items(RunningData data, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (state, reminder) in data.Items(cancellationToken))
        {
            if (state is { } stored) yield return new TransferState(stored.Grain, stored.Name, stored.Bytes);
            else if (reminder is not null) yield return TransferReminder.From(reminder);
        }
    }

    // Short, since some systems allow a hundred characters, and the same for everybody who names the folder.
    private static string NameOf(DataFolder folder) => "sos-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder.Path)).AsSpan(0, 12));

    [LoggerMessage(Level = LogLevel.Information, Message = "A backup has read {Count} states")]
    private partial void LogRead(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A backup could not read to the end, or the door for backups cannot be opened ({Exception})")]
    private partial void LogTrouble(string exception);
}
