using Orleans;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims.Messages;

/// <summary>What travels with a call: arguments, results, exceptions, references, the request context.</summary>
public sealed class MessageClaims(ClaimsHost host)
{
    [Fact]
    public async Task T07_A_mutable_argument_is_copied()
    {
        var grain = host.NewGrain<IMessageGrain>();
        var message = new MutableMessage { Numbers = [1, 2] };
        await grain.KeepAndAdd(message);
        Assert.Equal([1, 2], message.Numbers);
        message.Numbers.Add(3);
        Assert.Equal([1, 2, 100], (await grain.Kept()).Numbers);
    }

    [Fact]
    public async Task T07_A_mutable_result_is_copied()
    {
        var grain = host.NewGrain<IMessageGrain>();
        await grain.KeepAndAdd(new MutableMessage());
        (await grain.Kept()).Numbers.Clear();
        Assert.Equal([100], (await grain.Kept()).Numbers);
    }

    [Fact]
    public async Task T07_Lists_and_arrays_are_copied()
    {
        var grain = host.NewGrain<IMessageGrain>();
        List<int> list = [1];
        await grain.KeepAndAddList(list);
        Assert.Equal([1], list);
        int[] array = [1];
        await grain.KeepArray(array);
        array[0] = 2;
        var kept = await grain.KeptArray();
        Assert.Equal(1, kept[0]);
    }

    [Fact]
    public async Task T07_An_immutable_message_is_not_copied()
    {
        var grain = host.NewGrain<IMessageGrain>();
        var message = new ImmutableMessage([1, 2, 3]);
        Assert.Same(message, await grain.Keep(message));
        Assert.True(await grain.IsTheKept(message));
    }

    [Fact]
    public async Task T06_Within_one_silo_an_exception_type_of_our_own_crosses_a_call()
    {
        var grain = host.NewGrain<IMessageGrain>();
        await Assert.ThrowsAsync<NotAllowedException>(grain.Refuse);
        await Assert.ThrowsAsync<NotAllowedException>(grain.RefuseSynchronously);
    }

    [Fact]
    public async Task Value_tasks_default_parameters_and_tokens_work()
    {
        var grain = host.NewGrain<IMessageGrain>();
        Assert.Equal(3, await grain.Sum(1));
        Assert.Equal(9, await grain.Sum(1, 4, "four", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_one_way_call_is_done_when_it_is_sent_whatever_becomes_of_it()
    {
        var grain = host.NewGrain<IMessageGrain>();
        var key = grain.GetPrimaryKeyString();
        await grain.FailUnseen(key);
        await host.Stage.Until(key, "failing");
        await grain.WaitUnseen(key);
        host.Stage.Open(key);
        Assert.Equal(3, await grain.Sum(1));
    }

    [Fact]
    public async Task T17_What_a_grain_hands_out_of_itself_arrives_as_a_reference()
    {
        var grain = host.NewGrain<IMessageGrain>();
        var other = host.NewGrain<IMessageGrain>();
        Assert.Equal("reference to " + grain.GetPrimaryKeyString(), await grain.CallWithReference(other));
        Assert.Equal("reference to " + grain.GetPrimaryKeyString(), await grain.CallWithThis(other));
    }

    [Fact]
    public async Task The_request_context_flows_to_the_grains_that_are_called_and_on()
    {
        var grain = host.NewGrain<IMessageGrain>();
        RequestContext.Set("trace", "42");
        Assert.Equal("42", await grain.Context("trace"));
        Assert.Equal("42", await grain.ContextThrough(host.NewGrain<IMessageGrain>(), "trace"));
        RequestContext.Remove("trace");
        Assert.Null(await grain.Context("trace"));
    }

    [Fact]
    public async Task What_a_grain_puts_into_the_request_context_does_not_flow_back()
    {
        var grain = host.NewGrain<IMessageGrain>();
        Assert.Equal("1", await grain.SetContextAndReturn("back", "1"));
        Assert.Null(RequestContext.Get("back"));
        Assert.Null(await grain.Context("back"));
    }

    [Fact]
    public async Task References_to_one_grain_are_equal_and_name_it()
    {
        var key = ClaimsHost.NewKey("name");
        var a = host.Grains.GetGrain<IMessageGrain>(key);
        var b = host.Grains.GetGrain<IMessageGrain>(key);
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.NotEqual(a, host.NewGrain<IMessageGrain>());
        Assert.Equal(key, a.GetPrimaryKeyString());
        Assert.Equal("claims.message/" + key, a.GetGrainId().ToString());
        Assert.Equal(a, host.Grains.GetGrain<IMessageGrain>(a.GetGrainId()));
        Assert.Equal(a, host.Grains.GetGrain(typeof(IMessageGrain), key));
        Assert.Equal(3, await a.Cast<IMessageGrain>().Sum(1));
    }
}
