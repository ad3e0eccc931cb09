using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;
using Sos.Grains.Zones.GeoJson;
using Sos.Server.Http;

namespace Sos.Server.Zones;

/// <summary>How far an import is: a line of the answer where progress is asked for.</summary>
/// <param name="Zones">Zones to be made, of as much of the file as was read.</param>
/// <param name="Made">Those that are; the first is made when the whole file was read.</param>
/// <param name="Report">In the last line: what came of the file.</param>
public sealed record ZoneImportProgress(int Zones, int Made, ZoneImportReport? Report = null);

/// <summary>A file of zones on its way in: read whole first, then made in batches.</summary>
/// <param name="listing">Makes zones.</param>
/// <param name="time">The clock.</param>
/// <param name="mayDraw">Whether whoever sends it may draw a zone.</param>
/// <param name="key">The client's name for this import: the same file under it makes only what is missing. Null: everything is new.</param>
internal sealed class ZoneImport(ZoneListing listing, TimeProvider time, Func<ZoneDraft, bool> mayDraw, Guid? key)
{
    private const int MostFaults = 200;

    /// <summary>Features between two times that it is told how far the reading is.</summary>
    private const int TellEvery = 500;

    private readonly List<(Guid Id, ZoneDraft Draft)> _zones = [];
    private readonly List<int> _numbers = [];
    private readonly List<ZoneFileFault> _faults = [];
    private int _refused, _mended;

    /// <summary>Zones to be made.</summary>
    public int Zones => _zones.Count;

    /// <summary>Reads the file to its end; nothing is made yet.</summary>
    /// <param name="file">GeoJSON.</param>
    /// <param name="read">Told now and then that more was read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Why nothing of it can be imported; null: it was read.</returns>
    public async Task<ZoneFileFault?> Read(Stream file, Func<Task>? read, CancellationToken cancellationToken)
    {
        await foreach (var item in ZoneGeoJsonReader.Read(file, new ZoneFileLimits(), cancellationToken))
        {
            if (item.Fault is { Feature: 0 } whole) return whole with { Detail = whole.Detail + " Nothing was imported." };
            if (item.Draft is { } draft && mayDraw(draft)) Add(item, draft);
            else Refuse(item.Fault ?? new ZoneFileFault(item.Feature, "not-your-area", "It lies outside your areas."));
            if (read is not null && item.Feature % TellEvery == 0) await read();
        }

        return null;
    }

    /// <summary>Makes the zones.</summary>
    /// <param name="made">Told how many are there, after each batch.</param>
    public async Task<ZoneImportReport> Make(Func<int, Task>? made = null)
    {
        var outcomes = await listing.Make(_zones, keep: key is not null, made);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Refusal != ZoneRefusal.None) Refuse(new ZoneFileFault(_numbers[i], "cell-full", $"\"{_zones[i].Draft.Name}\" lies where there are too many zones already."));
        }

        return new ZoneImportReport(outcomes.Count(outcome => outcome.Refusal == ZoneRefusal.None), _mended, _refused, _faults);
    }

    /// <summary>What came of a file that could not be read to its end.</summary>
    public ZoneImportReport Broken(ZoneFileFault whole) => new(0, 0, _zones.Count + _refused, [whole]);

    private void Add(ZoneFileItem item, ZoneDraft draft)
    {
        _zones.Add((key is { } import ? ZoneListing.IdOf(import, item.Feature, draft) : Guid.CreateVersion7(time.GetUtcNow()), draft));
        _numbers.Add(item.Feature);
        if (item.Repairs != 0) _mended++;
    }

    private void Refuse(ZoneFileFault fault)
    {
        _refused++;
        if (_faults.Count < MostFaults) _faults.Add(fault);
    }
}

/// <summary>
/// An import that tells how far it is, from while its file is read: a JSON text a line, the last one with the report. Broken off without it, the same file under the same key makes the rest.
/// </summary>
/// <param name="import">The import.</param>
/// <param name="record">Puts it into the audit, before anything is made.</param>
internal sealed class ZoneImportStream(ZoneImport import, Func<Task> record) : IResult, IEndpointMetadataProvider
{
    /// <summary>One JSON text a line.</summary>
    public const string MediaType = "application/x-ndjson";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (await import.Read(httpContext.Request.Body, () => Tell(new ZoneImportProgress(import.Zones, 0)), httpContext.RequestAborted) is { } whole)
        {
            // Where lines have gone out the status is said.
            if (response.HasStarted) await Tell(new ZoneImportProgress(import.Zones, 0, import.Broken(whole)));
            else await NotRead(whole).ExecuteAsync(httpContext);
            return;
        }

        await record();
        await Tell(new ZoneImportProgress(import.Zones, 0));
        var report = await import.Make(made => Tell(new ZoneImportProgress(import.Zones, made)));
        await Tell(new ZoneImportProgress(import.Zones, report.Imported, report));

        // Who does not listen any more gets her zones all the same.
        async Task Tell(ZoneImportProgress progress)
        {
            if (httpContext.RequestAborted.IsCancellationRequested) return;
            if (!response.HasStarted) response.ContentType = MediaType;
            await response.Body.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(progress, SosJson.Options), (byte)'\n']);
            await response.Body.FlushAsync();
        }
    }

    /// <summary>The refusal of a file that could not be read to its end.</summary>
    internal static ProblemResult NotRead(ZoneFileFault whole) => ProblemResult.Invalid($"{whole.Code}: {whole.Detail}");

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ZoneImportProgress), [MediaType]));
}
