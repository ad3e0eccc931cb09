using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;
using Sos.Grains.Zones.GeoJson;
using Sos.Server.Http;

namespace Sos.Server.Zones;

/// <summary>How far an import is: a line of the answer where progress is asked for.</summary>
/// <param name="Zones">Zones to be made.</param>
/// <param name="Made">Those that are.</param>
/// <param name="Report">In the last line: what came of the file.</param>
public sealed record ZoneImportProgress(int Zones, int Made, ZoneImportReport? Report = null);

/// <summary>A file of zones on its way in: read whole first, then made in batches.</summary>
/// <param name="listing">Makes zones.</param>
/// <param name="key">The client's name for this import: the same file under it makes only what is missing. Null: everything is new.</param>
internal sealed class ZoneImport(ZoneListing listing, Guid? key)
{
    private const int MostFaults = 200;
    private readonly List<(Guid Id, ZoneDraft Draft)> _zones = [];
    private readonly List<int> _numbers = [];
    private readonly List<ZoneFileFault> _faults = [];
    private int _refused, _mended;

    /// <summary>Zones to be made.</summary>
    public int Zones => _zones.Count;

    /// <summary>Takes a feature that is a zone.</summary>
    public void Add(ZoneFileItem item, DateTimeOffset now)
    {
        _zones.Add((key is { } import ? ZoneListing.IdOf(import, item.Feature, item.Draft!) : Guid.CreateVersion7(now), item.Draft!));
        _numbers.Add(item.Feature);
        if (item.Repairs != 0) _mended++;
    }

    /// <summary>Takes a feature that is none.</summary>
    public void Refuse(ZoneFileFault fault)
    {
        _refused++;
        if (_faults.Count < MostFaults) _faults.Add(fault);
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
}

/// <summary>An import that tells how far it is: a JSON text a line, the last one with the report. Broken off without it, the same file under the same key makes the rest.</summary>
internal sealed class ZoneImportStream(ZoneImport import) : IResult, IEndpointMetadataProvider
{
    /// <summary>One JSON text a line.</summary>
    public const string MediaType = "application/x-ndjson";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = MediaType;
        await Tell(new ZoneImportProgress(import.Zones, 0));
        var report = await import.Make(made => Tell(new ZoneImportProgress(import.Zones, made)));
        await Tell(new ZoneImportProgress(import.Zones, report.Imported, report));

        // Who does not listen any more gets her zones all the same.
        async Task Tell(ZoneImportProgress progress)
        {
            if (httpContext.RequestAborted.IsCancellationRequested) return;
            await response.Body.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(progress, SosJson.Options), (byte)'\n']);
            await response.Body.FlushAsync();
        }
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ZoneImportProgress), [MediaType]));
}
