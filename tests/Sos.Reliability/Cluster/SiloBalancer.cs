namespace Sos.Reliability.Cluster;

/// <summary>
/// A load balancer in front of several servers: one after the other, and past one that takes no connection. A request that may have
/// arrived is never sent a second time: whether it was carried out is the client's question.
/// </summary>
internal sealed class SiloBalancer(IReadOnlyList<Uri> servers) : DelegatingHandler(new SocketsHttpHandler { MaxConnectionsPerServer = 512, ConnectTimeout = TimeSpan.FromSeconds(1) })
{
    private int _next;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        if (request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            request.RequestUri = new Uri(servers[(int)((uint)Interlocked.Increment(ref _next) % servers.Count)], path);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError && attempt < servers.Count)
            {
                // Nobody listens there: nothing was sent.
            }
        }
    }
}
