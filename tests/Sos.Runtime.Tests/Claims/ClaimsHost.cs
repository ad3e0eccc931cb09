using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Storage;
using Sos.Runtime.Tests.Claims;
using Sos.TestKit;

[assembly: AssemblyFixture(typeof(ClaimsHost))]

namespace Sos.Runtime.Tests.Claims;

/// <summary>The silo that all claims share which need no clock or silo of their own. Its clock stands still.</summary>
public sealed class ClaimsHost : IAsyncLifetime
{
    private static long _keys;
    private SosTestHost? _host;

    public SosTestHost Host => _host ?? throw new InvalidOperationException("Not started.");

    public IGrainFactory Grains => Host.Grains;

    public Stage Stage => Host.Services.GetRequiredService<Stage>();

    public RecordingFilter Filter => Host.Services.GetRequiredService<RecordingFilter>();

    /// <summary>A key that no other test uses.</summary>
    public static string NewKey(string name) => $"{name}-{Interlocked.Increment(ref _keys)}";

    /// <summary>A grain that no other test uses.</summary>
    public TGrain NewGrain<TGrain>() where TGrain : IGrainWithStringKey => Grains.GetGrain<TGrain>(NewKey(typeof(TGrain).Name));

    /// <summary>What the grains of the claims need in any silo.</summary>
    public static void AddClaims(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<Stage>();
        silo.Services.AddSingleton<RecordingFilter>();
        silo.Services.AddKeyedSingleton<IGrainStorage, FailingStorage>(FailingStorage.Name);
        silo.Services.AddSingleton<IIncomingGrainCallFilter>(services => services.GetRequiredService<RecordingFilter>());
    }

    public async ValueTask InitializeAsync() => _host = await SosTestHost.Start(new SosTestHostOptions { Time = new ManualTimeProvider(), Silo = AddClaims });

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
