using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Grains.Alerts;
using Sos.Grains.Privacy;
using Sos.Server.Alerts.Media;
using Sos.Server.Http;

namespace Sos.Server.Alerts;

/// <summary>A photo or recording that somebody sends.</summary>
/// <param name="Alert">Of which alert.</param>
/// <param name="Id">Made by the client.</param>
/// <param name="By">Who.</param>
/// <param name="Type">As declared.</param>
/// <param name="Length">As declared, or null.</param>
/// <param name="Reason">Why staff adds it; null from others.</param>
internal sealed record IncomingAttachment(Guid Alert, Guid Id, AlertReader By, MediaType Type, long? Length, string? Reason);

/// <summary>
/// Takes photos and recordings: a place in the alert's record first, then the bytes through the cleaner of their type and the alert's own seal into a
/// file, then the record lists it. However it ends in between, the record knows the file and lets it go.
/// </summary>
internal sealed partial class AttachmentDesk(IGrainFactory grains, AlertFiles files, IOptions<AttachmentOptions> options, TimeProvider time, ILogger<AttachmentDesk> logger)
{
    /// <summary>Takes one.</summary>
    /// <param name="incoming">What is sent.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="gone">The client has gone.</param>
    /// <returns>What became of it, and whether it was new.</returns>
    /// <exception cref="UnusableMediaException">It is not taken for what it is.</exception>
    public async Task<(AttachOutcome Outcome, bool IsNew)> Take(IncomingAttachment incoming, Stream body, CancellationToken gone)
    {
        var alert = grains.GetGrain<IAlertGrain>(incoming.Alert);
        var step = new AttachCommand(
            incoming.By, AttachStep.Reserve, incoming.Id, Guid.NewGuid(), incoming.Type.Kind, incoming.Type.Name, incoming.Length, 0, incoming.Reason);
        var reserved = await alert.Attach(step);
        if (reserved.Refusal != AlertRefusal.None || reserved.Stored is not null) return (reserved, false);

        long bytes;
        try
        {
            bytes = await Store(incoming, step.Blob, body, gone);
        }
        catch
        {
            await GiveUp(alert, step);
            throw;
        }

        // From here on only the record says what becomes of the file: a lost answer is no failure.
        var kept = await alert.Attach(step with { Step = AttachStep.Keep, Bytes = bytes });
        if (kept.Refusal != AlertRefusal.None) await files.Delete(incoming.Alert, step.Blob);
        return (kept, true);
    }

    private async Task<long> Store(IncomingAttachment incoming, Guid blob, Stream body, CancellationToken gone)
    {
        using var late = new CancellationTokenSource(options.Value.UploadWithin, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(gone, late.Token);
        using var reader = new MediaReader(body, options.Value.MaxBytes, ending.Token);
        try
        {
            if (MediaSniffer.Find((await reader.Look(MediaSniffer.HeadBytes)).Span) is var found && found != incoming.Type)
                throw new UnusableMediaException(ProblemKind.MediaMismatch, $"It is {found.Name} and was declared as {incoming.Type.Name}.");
            await using var upload = await files.Begin(incoming.Alert, incoming.Id, blob) ?? throw new InvalidOperationException("An alert that has reserved a place has no record.");
            await incoming.Type.Clean(reader, upload, options.Value.MaxPixels);
            await reader.Drain();
            await upload.Complete();
            return upload.Length;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            throw new UnusableMediaException(ProblemKind.UploadTooSlow, $"An upload may take {options.Value.UploadWithin.TotalMinutes:0.#} minutes.");
        }
    }

    private async Task GiveUp(IAlertGrain alert, AttachCommand step)
    {
        try
        {
            await alert.Attach(step with { Step = AttachStep.GiveUp });
        }
        catch (Exception trouble)
        {
            // The place is free again when its time is over; what the client is told is why its file was not taken.
            LogKept(trouble.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The place of an attachment that was not taken stays reserved until it lapses ({Exception})")]
    private partial void LogKept(string exception);
}
