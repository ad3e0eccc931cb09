using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Grains.Geo;
using Sos.Server.Identity;

namespace Sos.Server.Relatives;

/// <summary>
/// What a person sees of her relatives. Where somebody is comes from her own side alone, which decides and keeps the look; whatever it says no to looks like
/// somebody without a signal.
/// </summary>
internal sealed class RelativesDesk(IGrainFactory grains, IOptions<GeoOptions> geo, TimeProvider time)
{
    /// <summary>Relatives are near within so much.</summary>
    private static readonly Distance Near = Distance.FromKilometres(1);

    /// <summary>The list with where everybody is, as far as she is shown.</summary>
    public Task<RelativesAnswer> List(Guid person) => EvenPace.Keep(async () =>
    {
        var list = await grains.GetGrain<IRelativesGrain>(person).List();
        return new RelativesAnswer(await Seen(person, list.Relatives), list.Sharing);
    });

    /// <summary>A group of hers with where everybody in it is, each asked as she would be asked alone, all at once; null when it is none of hers.</summary>
    public Task<GroupPlacesAnswer?> Places(Guid person, Guid group) => EvenPace.Keep(async () =>
        (await grains.GetGrain<IRelativesGrain>(person).Groups()).FirstOrDefault(own => own.Id == group) is { } found
            ? new GroupPlacesAnswer(found.Id, found.Name, await Seen(person, found.Members))
            : null);

    /// <summary>Those who show themselves, and where each is.</summary>
    public Task<ImmutableArray<(Relative Relative, ShownPlace Place)>> Shown(Guid person) => EvenPace.Keep(async () =>
    {
        var relatives = (await grains.GetGrain<IRelativesGrain>(person).List()).Relatives;
        return relatives.Zip(await LookAt(person, relatives)).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!)).ToImmutableArray();
    });

    /// <summary>Who is near a point, of those whom she shows herself to: both see each other, or neither.</summary>
    public Task<IReadOnlyList<NearbyRelativeView>> NearTo(Guid person, GeoPoint point) => EvenPace.Keep<IReadOnlyList<NearbyRelativeView>>(async () =>
    {
        var (list, now) = (await grains.GetGrain<IRelativesGrain>(person).List(), time.GetUtcNow());
        // What she has set, and not to whom she is shown by it: that somebody has blocked her would show in the difference.
        var mutual = list.Relatives.Where(relative => list.Sharing && relative.Sharing is { Enabled: true } sharing && !(sharing.Until <= now)).ToImmutableArray();
        var shown = await LookAt(person, mutual);
        return [.. mutual.Zip(shown)
            .Where(pair => pair.Second is not null)
            .Select(pair => (Relative: pair.First, Place: pair.Second!, Distance: point.DistanceTo(pair.Second!.Fix.Point)))
            .Where(near => near.Distance <= Near)
            .OrderBy(near => near.Distance)
            .Select(near => new NearbyRelativeView(near.Relative.Id, near.Relative.Name, Math.Round(near.Distance.Metres) / 1000, FreshnessOf(near.Place), near.Place.Fix.At))];
    });

    /// <summary>Where one of the list was, as far as she shows it; null: not in the list.</summary>
    public Task<RelativeTrailAnswer?> Trail(Guid person, Guid relation) => EvenPace.Keep(async () =>
    {
        if ((await grains.GetGrain<IRelativesGrain>(person).List()).Relatives.FirstOrDefault(relative => relative.Id == relation) is not { } relative) return null;
        return RelativeTrailAnswer.Of(relative is { State: RelationState.Active, Person: { } other } ? await grains.GetGrain<IRelativesGrain>(other).Trail(person) : []);
    });

    private async Task<IReadOnlyList<RelativeView>> Seen(Guid person, ImmutableArray<Relative> relatives) =>
        [.. relatives.Zip(await LookAt(person, relatives), (relative, place) => RelativeView.Of(relative, place, FreshnessOf(place)))];

    private Task<ShownPlace?[]> LookAt(Guid viewer, ImmutableArray<Relative> relatives) => Task.WhenAll(relatives.Select(relative => Look(viewer, relative)));

    private Task<ShownPlace?> Look(Guid viewer, Relative relative) => relative is { State: RelationState.Active, Person: { } person }
        ? grains.GetGrain<IRelativesGrain>(person).Look(viewer)
        : Task.FromResult<ShownPlace?>(null);

    private Freshness FreshnessOf(ShownPlace? place) =>
        place is null ? Freshness.Expired : time.GetUtcNow() - place.Fix.At < geo.Value.LiveFor ? Freshness.Live : Freshness.Stale;
}
