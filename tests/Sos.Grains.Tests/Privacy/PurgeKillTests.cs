using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Contracts.Operations;
using Sos.Grains.Tests.City;

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
            await city.Advance(TimeSpan.FromDays(7));
            var (purged, looks) = (false, 0);
            await retention.MinuteByMinute("it is killed or done", async () =>
            {
                if (guillotine.HasFallen) return true;
                // What is still to be written off comes in the minutes after it is gone.
                purged = await IsGone(retention) && ++looks >= 5;
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
}
