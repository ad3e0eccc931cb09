using System.Text.Json;

namespace Sos.Server.Tests.Fuzz;

/// <summary>An operation as the service's own OpenAPI document describes it: what is not described cannot be sent well, so new routes are fuzzed by themselves.</summary>
internal sealed record ApiOperation(string Method, string Path, IReadOnlyList<ApiParameter> Parameters, IReadOnlyList<string> BodyTypes, JsonElement? Body);

/// <summary>A parameter of a path, a query or a header.</summary>
internal sealed record ApiParameter(string Name, string In, JsonElement Schema);

/// <summary>Reads the operations of an OpenAPI 3.1 document.</summary>
internal sealed class ApiOperations(JsonElement document)
{
    public IReadOnlyList<ApiOperation> All { get; } = [.. document.GetProperty("paths").EnumerateObject().SelectMany(path =>
        path.Value.EnumerateObject().Select(operation => Read(path.Name, operation)))];

    /// <summary>Follows <c>$ref</c>; a schema that may be null is the one that it is otherwise.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        while (true)
        {
            if (schema.TryGetProperty("$ref", out var reference))
                schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
            else if (schema.TryGetProperty("oneOf", out var choices))
                schema = choices.EnumerateArray().First(choice => !choice.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "null");
            else return schema;
        }
    }

    /// <summary>The type's name: <c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, or <c>any</c>.</summary>
    public static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type)) return schema.TryGetProperty("properties", out _) ? "object" : "any";
        return type.ValueKind == JsonValueKind.String ? type.GetString()! : type.EnumerateArray().Select(name => name.GetString()!).First(name => name != "null");
    }

    private static ApiOperation Read(string path, JsonProperty operation)
    {
        var parameters = operation.Value.TryGetProperty("parameters", out var listed)
            ? listed.EnumerateArray().Select(parameter => new ApiParameter(parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString()!, parameter.GetProperty("schema")))
            : [];
        var content = operation.Value.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().ToList() : [];
        var schema = content.Count > 0 && content[0].Value.TryGetProperty("schema", out var described) ? described : (JsonElement?)null;
        return new ApiOperation(operation.Name.ToUpperInvariant(), path, [.. parameters], [.. content.Select(type => type.Name)], schema);
    }
}
