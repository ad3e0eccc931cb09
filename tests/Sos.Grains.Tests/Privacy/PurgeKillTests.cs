using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Contracts.Operations;

namespace Sos.Grains.Tests.Privacy;

/// <summary>R-21: the process is killed at each write of the purge, and the purge is finished after the restart.</summary>
public sealed class PurgeKillTests
{
    private const int Most = 40;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R_21_a_purge_that_is_killed_at_any_of_its_writes_is_finished_after_the_restart(bool afterTheWrite)
    {
        var reached = 0;
        for (var n = 1; n <= Most; n++)
        {
            var guillotine = new Guillotine();
            await using var retention = await RetentionCity.Start(services => guillotine.Guard(services));
            var city = retention.City;
            await city.Until("it is listed", () => retention.IsFiled(retention.ClosedAt.AddDays(7)));
            // Armed first: the purge begins as soon as the clock moves.
            guillotine.KillAt(n, afterTheWrite);
            city.Advance(TimeSpan.FromDays(7));
            var purged = false;
            await retention.MinuteByMinute("it is killed or done", async () =>
            {
                if (guillotine.HasFallen) return true;
                purged = await IsGone(retention);
                return purged;
            });
            if (purged && !guillotine.HasFallen)
            {
                reached = n;
                break;
            }

            guillotine.Lift();
            await city.CrashAndRestart(TimeSpan.FromSeconds(5));
            await retention.MinuteByMinute($"it is finished after a kill at write {n}", () => IsGone(retention));
            Assert.Equal(1, await Bytes(city.Services, retention.Alert));
        }

        // The tombstone, two track segments and a candidate set cleared, what was told, the bucket: at least.
        Assert.InRange(reached, 5, Most);
    }

    private static async Task<bool> IsGone(RetentionCity retention)
    {
        try
        {
            return (await retention.Seen())!.Tombstone is not null && await retention.Fixes() == 0 && await retention.Candidates() is null
                && !await retention.IsFiled(retention.ClosedAt.AddDays(7));
        }
        catch (Exception killed) when (killed is OrleansException or IOException or TimeoutException)
        {
            return false;
        }
    }

    // The generation in the head of the alert's envelope: its second key, the first is nowhere.
    private static async Task<int> Bytes(IServiceProvider services, Guid alert)
    {
        var record = new GrainState<Sos.Grains.State.SealedRecord>(new Sos.Grains.State.SealedRecord());
        await services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Records + "/unsealed").ReadStateAsync("alert", GrainId.Create("sos.alert", alert.ToString("N")), record);
        return record.State!.Bytes.Span[3];
    }

    /// <summary>Falls at the n-th write from when it is armed; after it nothing is stored until it is lifted.</summary>
    private sealed class Guillotine
    {
        private int _left = int.MaxValue;
        private bool _after;

        public bool HasFallen { get; private set; }

        public void Guard(IServiceCollection services)
        {
            foreach (var name in (string[])[StorageNames.Records, StorageNames.Large])
            {
                var provider = services.Last(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, name));
                services.AddKeyedSingleton<IGrainStorage>(name, (all, _) => new Guarded(this, (IGrainStorage)provider.KeyedImplementationFactory!(all, name)));
            }
        }

        public void KillAt(int n, bool after) => (_left, _after) = (n, after);

        public void Lift() => (_left, HasFallen) = (int.MaxValue, false);

        public async Task Change(Func<Task> write)
        {
            if (HasFallen) throw new IOException("Killed.");
            if (_left != int.MaxValue && Interlocked.Decrement(ref _left) == 0)
            {
                HasFallen = true;
                if (_after) await write();
                throw new IOException("Killed.");
            }

            await write();
        }
    }

    private sealed class Guarded(Guillotine guillotine, IGrainStorage inner) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => guillotine.Change(() => inner.WriteStateAsync(stateName, grainId, grainState));

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => guillotine.Change(() => inner.ClearStateAsync(stateName, grainId, grainState));
    }
}
