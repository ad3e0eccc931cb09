using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Sos.Contracts.Alerts;
using Sos.Server.Identity;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Sos.Server.Alerts;

/// <summary>
/// The body of a command with its Idempotency-Key. The key is bound to the caller, the fingerprint to method, path and body: the same key
/// with another request is refused by the alert that keeps it.
/// </summary>
/// <typeparam name="T">The body; an empty one is read as <c>{}</c>.</typeparam>
/// <param name="Body">As sent.</param>
/// <param name="Key">Idempotency, or null.</param>
internal sealed record Command<T>(T Body, CommandKey? Key) : IBindableFromHttpContext<Command<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private const int MaxBytes = 64 * 1024;
    private const int LongestKey = 255;

    /// <summary>Reads the body and the key.</summary>
    /// <exception cref="BadHttpRequestException">Not JSON, too large, or the key is too long.</exception>
    public static async ValueTask<Command<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        var body = await Read(request);
        if (body.Length > 0 && !request.HasJsonContentType()) throw new BadHttpRequestException("Not JSON.", StatusCodes.Status415UnsupportedMediaType);
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var read = JsonSerializer.Deserialize<T>(body.Length == 0 ? "{}"u8 : body, options) ?? throw new JsonException("The body is null.");
        return new Command<T>(read, KeyOf(context, body));
    }

    /// <summary>Tells OpenAPI what the body is.</summary>
    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: true));

    private static async Task<byte[]> Read(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes) throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
        var body = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = await request.Body.ReadAsync(buffer)) > 0;)
        {
            body.Write(buffer, 0, count);
            if (body.Length > MaxBytes) throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
        }

        return body.ToArray();
    }

    private static CommandKey? KeyOf(HttpContext context, byte[] body)
    {
        if (context.Request.Headers["Idempotency-Key"] is not [{ Length: > 0 } key, ..]) return null;
        if (key.Length > LongestKey) throw new BadHttpRequestException("The Idempotency-Key is too long.");
        var caller = CurrentUser.From(context.User)?.Id ?? Guid.Empty;
        var request = Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}\n");
        return new CommandKey(Hash([.. caller.ToByteArray(), .. Encoding.UTF8.GetBytes(key)]), Hash([.. request, .. body]));
    }

    private static string Hash(byte[] bytes) => Convert.ToBase64String(SHA256.HashData(bytes));
}
