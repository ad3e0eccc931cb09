using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Grains.Alerts;
using Sos.Grains.Privacy;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Alerts;

/// <summary>Attachments through crashes: a file is in the record or it goes.</summary>
public sealed class AttachmentLifeTests
{
    [Fact]
    public async Task A_file_whose_server_died_before_it_was_listed_is_dropped_after_ten_minutes()
    {
        var blobs = new MemoryBlobs();
        await using var city = await Start(blobs);
        var (alert, victim) = await city.Press();
        var step = Step(victim);
        Assert.Equal(AlertRefusal.None, (await city.Alert(alert).Attach(step)).Refusal);
        await Store(city, alert, step);
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.NotNull(await blobs.Open(new BlobName(alert, step.Blob)));
        await city.Alert(alert).Ping();
        await city.Advance(TimeSpan.FromMinutes(10));
        await city.Until("the file is gone", async () => await blobs.Open(new BlobName(alert, step.Blob)) is null);
        Assert.Equal(AlertRefusal.Lapsed, (await city.Alert(alert).Attach(step with { Step = AttachStep.Keep })).Refusal);
    }

    [Fact]
    public async Task An_alert_that_is_closed_while_a_file_is_on_its_way_is_woken_after_a_crash_to_drop_it()
    {
        var blobs = new MemoryBlobs();
        await using var city = await Start(blobs);
        var (alert, victim) = await city.Press();
        var step = Step(victim);
        await city.Alert(alert).Attach(step);
        await Store(city, alert, step);
        await city.Alert(alert).Cancel(new CancelCommand(victim, null, null));
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));

        // Nobody asks for it any more: its reminder does.
        for (var minute = 0; minute < 15; minute++) await city.Advance(TimeSpan.FromMinutes(1));
        await city.Until("the file is gone", async () =>
        {
            await city.Advance(TimeSpan.FromSeconds(10));
            return await blobs.Open(new BlobName(alert, step.Blob)) is null;
        });
    }

    [Fact]
    public async Task What_is_listed_is_there_after_a_crash_and_opens()
    {
        var blobs = new MemoryBlobs();
        await using var city = await Start(blobs);
        var (alert, victim) = await city.Press();
        var step = Step(victim);
        await city.Alert(alert).Attach(step);
        var content = await Store(city, alert, step);
        Assert.Equal(AlertRefusal.None, (await city.Alert(alert).Attach(step with { Step = AttachStep.Keep, Bytes = content.Length })).Refusal);
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        var listed = Assert.Single((await city.Alert(alert).View(new AlertReader(victim, false, [])))!.Attachments!.Value);
        await using var file = await city.Services.GetRequiredService<AlertFiles>().Open(alert, listed.Id, listed.Blob);
        var read = new MemoryStream();
        await file!.CopyTo(read, CancellationToken.None);
        Assert.Equal(content, read.ToArray());
        Assert.Null(await city.Services.GetRequiredService<AlertFiles>().Open(alert, Guid.NewGuid(), listed.Blob));
    }

    private static Task<CityHost> Start(MemoryBlobs blobs) => CityHost.Start(services => services.Replace(ServiceDescriptor.Singleton<IBlobStore>(blobs)));

    private static async Task<byte[]> Store(CityHost city, Guid alert, AttachCommand step)
    {
        var content = new byte[200_000];
        Random.Shared.NextBytes(content);
        await using var upload = await city.Services.GetRequiredService<AlertFiles>().Begin(alert, step.Attachment, step.Blob);
        await upload!.WriteAsync(content);
        await upload.Complete();
        return content;
    }

    private static AttachCommand Step(Guid by) =>
        new(new AlertReader(by, false, ImmutableArray<string>.Empty), AttachStep.Reserve, Guid.NewGuid(), Guid.NewGuid(), AttachmentKind.Photo, "image/jpeg", 42, 0, null);
}
