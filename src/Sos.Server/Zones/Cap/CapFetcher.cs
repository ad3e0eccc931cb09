using System.Net;
using Microsoft.Extensions.Options;
using Sos.Grains.Zones.Cap;

namespace Sos.Server.Zones.Cap;

/// <summary>
/// Fetches feeds over https. The name is resolved here, every address of this network refused, and the connection made to the address that was looked at: a name that answers otherwise the next
/// time gains nothing. Redirections are followed on the same host only. Bytes, time and headers are bounded.
/// </summary>
internal sealed class CapFetcher : ICapFetcher, IDisposable
{
    private const int MostRedirections = 3;
    private const int HttpsPort = 443;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http;
    private readonly CapOptions _options;

    private readonly ICapNetwork _network;

    public CapFetcher(IOptions<CapOptions> options, ICapNetwork network)
    {
        (_options, _network) = (options.Value, network);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxConnectionsPerServer = 4,
            MaxResponseHeadersLength = 16,
            ConnectCallback = Connect,
        })
        {
            Timeout = Longest,
        };
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/cap+xml, application/atom+xml, application/rss+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8");
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("Sos.Orleans");
    }

    public async Task<CapFetched> Fetch(Uri address, string? known, string? knownModified, int longest)
    {
        using var patience = new CancellationTokenSource(Longest);
        try
        {
            for (var redirections = 0; redirections <= MostRedirections; redirections++)
            {
                if (address.Scheme != Uri.UriSchemeHttps && !_options.AllowLocalFeeds) return CapFetched.Failed("not-https");
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                if (known is not null) request.Headers.TryAddWithoutValidation("If-None-Match", known);
                if (knownModified is not null) request.Headers.TryAddWithoutValidation("If-Modified-Since", knownModified);
                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
                if (answer.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                {
                    if (answer.Headers.Location is not { } location || !Uri.TryCreate(address, location, out var next) || next.Scheme != address.Scheme || next.Authority != address.Authority || next.UserInfo.Length > 0)
                        return CapFetched.Failed("foreign-redirection");
                    address = next;
                    continue;
                }

                if (answer.StatusCode == HttpStatusCode.NotModified) return new CapFetched(null, null, null, null);
                if (!answer.IsSuccessStatusCode) return CapFetched.Failed($"http-{(int)answer.StatusCode}");
                if (answer.Content.Headers.ContentEncoding.Count > 0) return CapFetched.Failed("packed");
                return await Read(answer.Content, longest, patience.Token) is { } body
                    ? new CapFetched(body, Short(answer.Headers.ETag?.ToString()), Short(answer.Content.Headers.LastModified?.ToString("R")), null)
                    : CapFetched.Failed("too-large");
            }

            return CapFetched.Failed("too-many-redirections");
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException or OperationCanceledException)
        {
            return CapFetched.Failed(trouble switch
            {
                HttpRequestException { InnerException: ClosedAddressException } => "private-address",
                OperationCanceledException => "too-slow",
                HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "bad-certificate",
                _ => "not-reached",
            });
        }
    }

    public void Dispose() => _http.Dispose();

    // Nobody needs a version of more than this.
    private static string? Short(string? text) => text is { Length: <= 200 } ? text : null;

    private static async Task<byte[]?> Read(HttpContent content, int longest, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > longest) return null;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var (body, buffer) = (new MemoryStream(), new byte[16 * 1024]);
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > longest) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _network.Resolve(host, cancellationToken);

        // One closed address among them is a name that plays games; another port than that of https is no publisher's.
        if (addresses.Length == 0 || !_options.AllowLocalFeeds && (context.DnsEndPoint.Port != HttpsPort || !addresses.All(PublicAddresses.Contains))) throw new ClosedAddressException();
        return await _network.Connect(addresses, context.DnsEndPoint.Port, cancellationToken);
    }

    private sealed class ClosedAddressException() : Exception("The address is of a closed network.");
}
