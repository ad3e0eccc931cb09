using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.TestKit;

namespace Sos.Runtime.Tests.Claims.State;

/// <summary>Writes of which the grain does not learn what became of them.</summary>
public sealed class DoubtfulWriteClaims(DoubtfulWriteClaims.FaultyHost faulty) : IClassFixture<DoubtfulWriteClaims.FaultyHost>
{
    [Fact]
    public async Task After_a_write_whose_answer_was_lost_the_next_one_is_inconsistent_and_drops_the_activation()
    {
        var grain = faulty.NewGrain();
        var before = await grain.Activation();
        await faulty.While(WriteFault.AnswerLost, () => Assert.ThrowsAsync<OrleansException>(() => grain.Set(1)));
        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Set(2));
        Assert.NotEqual(before, await grain.Activation());
        Assert.Equal(1, (await grain.Look()).Second);
    }

    [Fact]
    public async Task After_a_write_that_was_refused_the_grain_still_shows_what_is_not_stored()
    {
        var grain = faulty.NewGrain();
        await faulty.While(WriteFault.Refused, () => Assert.ThrowsAsync<OrleansException>(() => grain.Set(1)));
        Assert.Equal(1, (await grain.Look()).Second);
        await grain.Set(2);
        Assert.Equal(2, (await grain.Look()).Second);
    }

    [Fact]
    public async Task Two_records_of_one_grain_are_written_apart()
    {
        var grain = faulty.NewGrain();
        await faulty.While(WriteFault.Refused, () => Assert.ThrowsAsync<OrleansException>(() => grain.SetBoth(1)));
        await faulty.Host.Stop();
        await faulty.Host.Start();
        Assert.Equal((1, 0), await faulty.Again(grain).Look());
    }

    public sealed class FaultyHost : IAsyncLifetime
    {
        private SosTestHost? _host;

        public SosTestHost Host => _host ?? throw new InvalidOperationException("Not started.");

        public IDoubtfulGrain NewGrain() => Host.Grains.GetGrain<IDoubtfulGrain>(ClaimsHost.NewKey("doubtful"));

        /// <summary>The same grain after a restart.</summary>
        public IDoubtfulGrain Again(IDoubtfulGrain grain) => Host.Grains.GetGrain<IDoubtfulGrain>(Orleans.GrainExtensions.GetPrimaryKeyString(grain));

        public async Task While(WriteFault fault, Func<Task> act)
        {
            var storage = Host.Services.GetRequiredService<FaultyStorage>();
            storage.Fault = fault;
            await act();
            storage.Fault = WriteFault.None;
        }

        public async ValueTask InitializeAsync() => _host = await SosTestHost.Start(new SosTestHostOptions
        {
            Silo = silo =>
            {
                ClaimsHost.AddClaims(silo);
                FaultyStorage.AddTo(silo, "sos");
            },
        });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
