using System.Net;
using System.Text;
using System.Text.Json;

namespace Sos.TestKit.Client;

/// <summary>What became of a request, in the words of the accounting: a request without an answer may still have been carried out.</summary>
public enum Certainty
{
    /// <summary>2xx: the server has answered for it.</summary>
    Acknowledged,

    /// <summary>4xx: it was not carried out.</summary>
    Refused,

    /// <summary>No answer, or 5xx: nobody knows.</summary>
    Unknown,
}

/// <summary>An answer of the API, or the lack of one.</summary>
/// <param name="Status">0 when no answer came.</param>
/// <param name="Body">As sent; empty when no answer came.</param>
/// <param name="Trouble">Why no answer came.</param>
public sealed record ApiAnswer(HttpStatusCode Status, byte[] Body, string? Trouble = null)
{
    public Certainty Certainty => (int)Status switch
    {
        >= 200 and < 300 => Certainty.Acknowledged,
        >= 400 and < 500 => Certainty.Refused,
        _ => Certainty.Unknown,
    };

    public bool Succeeded => Certainty == Certainty.Acknowledged;

    /// <summary>The body as a record; fails with status and body in the message when the request did not succeed.</summary>
    public T Read<T>() => Succeeded
        ? JsonSerializer.Deserialize<T>(Body, ApiJson.Options) ?? throw new InvalidDataException("The API answered null.")
        : throw new ApiRefusedException(this);

    /// <summary>Fails with status and body in the message when the request did not succeed.</summary>
    public void Require()
    {
        if (!Succeeded) throw new ApiRefusedException(this);
    }

    /// <summary>One member of the body as text; null when it is not there.</summary>
    public string? Member(string name)
    {
        if (Body.Length == 0) return null;
        using var document = JsonDocument.Parse(Body);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var member) ? member.ToString() : null;
    }

    public override string ToString() => Trouble ?? $"{(int)Status} {Encoding.UTF8.GetString(Body)}";
}

/// <summary>The API refused something that the caller needs.</summary>
public sealed class ApiRefusedException(ApiAnswer answer) : Exception($"The API answered {answer}");
