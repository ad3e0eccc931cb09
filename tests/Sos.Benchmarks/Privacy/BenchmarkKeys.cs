using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Sos.Contracts.Privacy;
using Sos.Grains.Privacy;

namespace Sos.Benchmarks.Privacy;

/// <summary>Keys of measured silos: one, as in a data folder.</summary>
internal static class BenchmarkKeys
{
    private static readonly KeyRing Ring = new([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);

    public static ISiloBuilder AddOneKey(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IKeyEncryption>(Ring);
        return silo;
    }
}
