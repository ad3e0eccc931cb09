using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sos.Server.Tests.Fuzz;

/// <summary>Makes requests that are nearly right: an operation filled in by its description, and then spoilt in zero to three places.</summary>
internal sealed class RequestMutator(ApiOperations operations, Random random, Func<ApiOperation, string> idFor)
{
    private const int Long = 300_000;
    private static readonly string[] Types = ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json; charset=utf-7", "application/json; charset=utf-16", "application/octet-stream", "*/*"];
    private static readonly string[] Headers = ["Idempotency-Key", "Sos-Reason", "If-Match", "If-None-Match", "Accept", "Accept-Language", "Accept-Encoding", "Last-Event-ID", "Cookie", "Origin", "Range", "Expect", "Prefer", "X-HTTP-Method-Override", "traceparent", "Upgrade"];
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>One request to an operation of a server.</summary>
    public HttpRequestMessage Next(ApiOperation operation, Uri server)
    {
        var path = operation.Path;
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In == "path"))
            path = path.Replace($"{{{parameter.Name}}}", Chance(85) ? Plain(operation, parameter) : Pick(NastyValues.Escaped), StringComparison.Ordinal);
        var query = operation.Parameters.Where(parameter => parameter.In == "query" && Chance(70))
            .Select(parameter => $"{parameter.Name}={(Chance(50) ? Plain(operation, parameter) : Pick(NastyValues.Escaped))}").ToList();
        if (query.Count > 0 && Chance(10)) query.Add(query[0]);
        if (Chance(5)) query.Add(Pick(NastyValues.Escaped) + "=" + Pick(NastyValues.Escaped));
        if (Chance(1)) query.Add("x=" + new string('y', random.Next(20_000)));

        var address = server.GetLeftPart(UriPartial.Authority) + path + (query.Count > 0 ? "?" + string.Join('&', query) : "");
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), new Uri(address, in AsItIs));
        request.Headers.Add("Sos-Reason", "what a fuzzer says");
        if (Chance(20))
        {
            var header = Pick(Headers);
            request.Headers.Remove(header);
            request.Headers.TryAddWithoutValidation(header, Uri.UnescapeDataString(Pick(NastyValues.Escaped)).Where(char.IsAscii).Where(symbol => !char.IsControl(symbol)).Aggregate("", (text, symbol) => text + symbol));
        }

        if (operation.Body is { } schema && Chance(97)) request.Content = Content(schema, operation);
        else if (Chance(10)) request.Content = new StringContent(Pick(NastyValues.Literals), Encoding.UTF8, "application/json");
        return request;
    }

    /// <summary>A JSON text for a schema, spoilt by chance.</summary>
    public byte[] Json(JsonElement schema, ApiOperation operation)
    {
        var text = new StringBuilder();
        Write(text, schema, operation, 0);
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        for (var times = random.Next(3) * random.Next(2); times > 0; times--) bytes = Spoilage.Spoil(bytes, random);
        return bytes;
    }

    private ByteArrayContent Content(JsonElement schema, ApiOperation operation)
    {
        var content = new ByteArrayContent(Json(schema, operation));
        var type = Chance(90) ? operation.BodyTypes[random.Next(operation.BodyTypes.Count)] : Pick(Types);
        if (!Chance(2)) content.Headers.ContentType = MediaTypeHeaderValue.TryParse(type, out var known) ? known : new MediaTypeHeaderValue("application/json");
        if (Chance(1)) content.Headers.ContentEncoding.Add(Chance(50) ? "gzip" : "br");
        return content;
    }

    private void Write(StringBuilder text, JsonElement described, ApiOperation operation, int depth)
    {
        if (Chance(12))
        {
            text.Append(Pick(NastyValues.Literals));
            return;
        }

        var schema = operations.Resolve(described);
        switch (ApiOperations.TypeOf(schema))
        {
            case "object":
                var members = schema.TryGetProperty("properties", out var listed) ? listed.EnumerateObject().Where(_ => Chance(80)).ToList() : [];
                text.Append('{');
                for (var i = 0; i < members.Count; i++)
                {
                    var name = Chance(97) ? members[i].Name : Pick(["__proto__", "role", "ID", members[0].Name, members[i].Name.ToUpperInvariant(), ""]);
                    text.Append(i == 0 ? "" : ",").Append('"').Append(name).Append("\":");
                    Write(text, members[i].Value, operation, depth + 1);
                }

                text.Append('}');
                break;
            case "array":
                text.Append('[');
                var count = Chance(2) ? 5_000 : random.Next(4);
                for (var i = 0; i < count; i++)
                {
                    if (i > 0) text.Append(',');
                    if (schema.TryGetProperty("items", out var items) && depth < 5) Write(text, items, operation, depth + 1);
                    else text.Append(Pick(NastyValues.Literals));
                }

                text.Append(']');
                break;
            case "string" when schema.TryGetProperty("enum", out var values):
                text.Append(values[random.Next(values.GetArrayLength())].GetRawText());
                break;
            case "string":
                text.Append('"').Append(Chance(1) ? new string('w', Long) : Word(schema, operation)).Append('"');
                break;
            default:
                text.Append(Number(schema));
                break;
        }
    }

    private string Plain(ApiOperation operation, ApiParameter parameter)
    {
        var schema = operations.Resolve(parameter.Schema);
        return ApiOperations.TypeOf(schema) is "integer" or "number" or "boolean" ? Number(schema) : Uri.EscapeDataString(Word(schema, operation));
    }

    private string Word(JsonElement schema, ApiOperation operation) => (schema.TryGetProperty("format", out var format) ? format.GetString() : null) switch
    {
        "uuid" => idFor(operation),
        "date" => "2026-11-21",
        "date-time" => DateTimeOffset.UtcNow.AddSeconds(random.Next(-100, 100)).ToString("O"),
        _ => Pick(["", "a", "why", "+4930" + random.Next(1_000_000).ToString("D7", CultureInfo.InvariantCulture), "grace@example.org", "medical", "dr4k", "AAAA", "123456", "close", "on", "1"]),
    };

    private string Number(JsonElement schema) => ApiOperations.TypeOf(schema) switch
    {
        "boolean" => Chance(50) ? "true" : "false",
        "integer" => random.Next(-2, 300).ToString(CultureInfo.InvariantCulture),
        _ => ((random.NextDouble() - 0.5) * 400).ToString(CultureInfo.InvariantCulture),
    };

    private bool Chance(int percent) => random.Next(100) < percent;

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
