using Microsoft.Extensions.DependencyInjection;
using Sos.TestKit;

namespace Sos.Runtime.Tests.Claims;

/// <summary>A silo of one test class, whose clock the class moves.</summary>
public sealed class ClockedHost : IAsyncLifetime
{
    private SosTestHost? _host;

    public SosTestHost Host => _host ?? throw new InvalidOperationException("Not started.");

    public ManualTimeProvider Time => Host.Time;

    public Stage Stage => Host.Services.GetRequiredService<Stage>();

    public RecordingFilter Filter => Host.Services.GetRequiredService<RecordingFilter>();

    public static Task<SosTestHost> StartOwn() => SosTestHost.Start(new SosTestHostOptions { Time = new ManualTimeProvider(), Silo = ClaimsHost.AddClaims });

    public async ValueTask InitializeAsync() => _host = await StartOwn();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
