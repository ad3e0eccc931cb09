using Sos.TestKit.Client;

namespace Sos.Simulator.City;

/// <summary>Somebody with an account, signed in through the API, and chances of her own that the seed decides.</summary>
internal sealed class Person(ApiClient api, Random random)
{
    private readonly Lock _gate = new();

    public ApiClient Api => api;

    public Guid Id => api.UserId;

    /// <summary>0 to below 1.</summary>
    public double Chance()
    {
        lock (_gate) return random.NextDouble();
    }

    /// <summary>How long she takes to do something: log-normal, as people's reaction times are, with the median given.</summary>
    public TimeSpan Reaction(double medianSeconds)
    {
        double normal;
        lock (_gate) normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return TimeSpan.FromSeconds(medianSeconds * Math.Exp(0.5 * normal));
    }

    /// <summary>
    /// Sends until there is an answer: no answer and 5xx leave open what happened, and every command may be repeated.
    /// </summary>
    public async Task<ApiAnswer> Insist(HttpMethod method, string path, object? body, Journal journal, Pace pace, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await api.Send(method, path, body, cancellationToken);
            if (answer.Certainty != Certainty.Unknown || attempt == 20) return answer;
            journal.CountRetry(answer);
            await pace.Pause(TimeSpan.FromMilliseconds(Math.Min(2000, 100 * attempt)), cancellationToken);
        }
    }
}
