using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Sos.TestKit;

namespace Sos.Runtime.Tests.Claims.Filters;

/// <summary>Call filters: what they see and may do.</summary>
public sealed class FilterClaims(ClaimsHost host, FilterClaims.MeddledHost meddled) : IClassFixture<FilterClaims.MeddledHost>
{
    [Fact]
    public async Task T10_A_filter_sees_target_interface_and_method_of_a_call_from_outside_and_no_source()
    {
        var grain = host.NewGrain<IFilteredGrain>();
        await grain.Say("hello");
        var seen = Assert.Single(host.Filter.At(grain.GetGrainId()));
        Assert.Equal(typeof(IFilteredGrain).FullName, seen.Interface);
        Assert.Equal("Say", seen.Method);
        Assert.True(seen.Source is not { } source || source.Type.ToString()!.StartsWith("sys.client", StringComparison.Ordinal), $"{seen.Source} is a grain of ours");
    }

    [Fact]
    public async Task T10_A_filter_sees_which_grain_calls()
    {
        var grain = host.NewGrain<IFilteredGrain>();
        var other = host.NewGrain<IFilteredGrain>();
        await grain.SayThrough(other, "hello");
        Assert.Equal(grain.GetGrainId(), Assert.Single(host.Filter.At(other.GetGrainId())).Source);
    }

    [Fact]
    public async Task T10_A_filter_runs_in_the_turn_of_the_grain_that_is_called()
    {
        var grain = host.NewGrain<IFilteredGrain>();
        await grain.Say("hello");
        Assert.All(host.Filter.At(grain.GetGrainId()), s => Assert.True(s.InTurn));
    }

    [Fact]
    public async Task A_filter_can_refuse_answer_and_change_the_answer_and_filters_run_in_the_order_they_were_added()
    {
        var grain = meddled.Host.Grains.GetGrain<IFilteredGrain>("meddled");
        Assert.Equal("hello second first", await grain.Say("hello"));
        RequestContext.Set("meddle", "answer");
        Assert.Equal("answered by first", await grain.Say("hello"));
        RequestContext.Set("meddle", "refuse");
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => grain.Say("hello"));
        RequestContext.Clear();
        Assert.Equal(1, await grain.Calls());
    }

    [Fact]
    public async Task A_grain_may_filter_its_own_calls()
    {
        var grain = host.NewGrain<IFilteredGrain>();
        await grain.Say("one");
        await grain.Say("two");
        Assert.Equal(2, await grain.Calls());
    }

    public sealed class MeddledHost : IAsyncLifetime
    {
        private SosTestHost? _host;

        public SosTestHost Host => _host ?? throw new InvalidOperationException("Not started.");

        public async ValueTask InitializeAsync() => _host = await SosTestHost.Start(new SosTestHostOptions
        {
            Silo = silo =>
            {
                ClaimsHost.AddClaims(silo);
                silo.AddIncomingGrainCallFilter(new MeddlingFilter("first"));
                silo.AddIncomingGrainCallFilter(new MeddlingFilter("second"));
            },
        });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
