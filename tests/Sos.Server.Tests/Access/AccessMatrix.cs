using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;

namespace Sos.Server.Tests.Access;

/// <summary>
/// S-01: the checked-in table <c>access-matrix.csv</c>. One row a route (or hub method) and object, one column a caller; a cell is the status that
/// the caller gets, or the slug of the problem where the status alone does not say which. Objects: <c>own</c> is the caller's,
/// <c>others</c> somebody else's, <c>missing</c> nobody's, <c>closed</c> the owner's alert after its end, <c>purged</c>
/// after its key was destroyed; <c>-</c> the route names none.
/// </summary>
internal static class AccessMatrix
{
    private const string Resource = "access-matrix.csv";
    private const int CellsFrom = 3;

    /// <summary>The callers, in the order of the columns.</summary>
    public static IReadOnlyList<string> Callers { get; }

    public static IReadOnlyList<AccessRow> Rows { get; }

    static AccessMatrix()
    {
        using var text = new StreamReader(typeof(AccessMatrix).Assembly.GetManifestResourceStream(Resource)!);
        var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(',')).ToArray();
        Callers = lines[0][CellsFrom..];
        Rows = [.. lines[1..].Select(cells => new AccessRow(cells[0], cells[1], cells[2], Cells(cells)))];
    }

    /// <summary>Every route that an application answers, and every method of its hubs.</summary>
    public static IEnumerable<AccessTarget> TargetsOf(IEnumerable<Endpoint> endpoints)
    {
        foreach (var route in endpoints.OfType<RouteEndpoint>())
        {
            var path = "/" + route.RoutePattern.RawText!.Trim('/');
            var negotiates = route.Metadata.GetMetadata<NegotiateMetadata>() is not null;
            var methods = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [negotiates ? "POST" : "GET"];
            foreach (var method in methods) yield return new AccessTarget(method, path);
            if (negotiates || route.Metadata.GetMetadata<HubMetadata>() is not { } hub) continue;
            foreach (var method in HubMethods(hub.HubType)) yield return new AccessTarget("HUB", $"{path}#{method}");
        }
    }

    /// <summary>What the table does not hold, and what it holds of routes that are no more.</summary>
    public static IEnumerable<string> Differences(IEnumerable<AccessTarget> targets)
    {
        var (real, listed) = (targets.ToHashSet(), Rows.Select(row => row.Target).ToHashSet());
        foreach (var target in real.Except(listed)) yield return $"{target} has no row in access-matrix.csv: say who may call it";
        foreach (var target in listed.Except(real)) yield return $"{target} is in access-matrix.csv and nowhere else";
        foreach (var rows in Rows.GroupBy(row => row.Target))
        {
            var objects = rows.Select(row => row.Object).ToList();
            if (objects.Distinct().Count() != objects.Count) yield return $"{rows.Key} has a row twice";
            if (!objects.Contains("-") && !(objects.Contains("others") && objects.Contains("missing"))) yield return $"{rows.Key} names an object and needs the rows others and missing";
        }
    }

    private static IEnumerable<string> HubMethods(Type hub) => hub.GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Where(method => !method.IsSpecialName && method.GetBaseDefinition().DeclaringType is { } first && first != typeof(object) && !first.Name.StartsWith("Hub", StringComparison.Ordinal))
        .Select(method => method.Name);

    private static Dictionary<string, string> Cells(string[] cells) => cells.Length == CellsFrom + Callers.Count
        ? Callers.Zip(cells[CellsFrom..]).ToDictionary(pair => pair.First, pair => pair.Second)
        : throw new InvalidDataException($"{cells[0]} {cells[1]} {cells[2]} has {cells.Length - CellsFrom} cells in access-matrix.csv, not {Callers.Count}.");
}

/// <summary>A route by method, or a method of a hub.</summary>
internal sealed record AccessTarget(string Method, string Route)
{
    public override string ToString() => $"{Method} {Route}";
}

/// <summary>A row: what each caller gets.</summary>
internal sealed record AccessRow(string Method, string Route, string Object, Dictionary<string, string> Cells)
{
    public AccessTarget Target => new(Method, Route);
}
