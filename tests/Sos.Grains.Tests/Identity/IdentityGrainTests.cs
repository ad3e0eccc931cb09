using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.TestKit;

namespace Sos.Grains.Tests.Identity;

public sealed class IdentityGrainTests : IAsyncLifetime
{
    private static readonly ImmutableArray<byte> Right = [.. Enumerable.Repeat((byte)1, 32)];
    private static readonly ImmutableArray<byte> Wrong = [.. Enumerable.Repeat((byte)2, 32)];

    private readonly Guid _id = Guid.CreateVersion7();
    private SosTestHost _host = null!;

    private FaultyStorage Storage => _host.Services.GetRequiredService<FaultyStorage>();

    private IPhoneGrain Phone => _host.Grains.GetGrain<IPhoneGrain>("00ff");

    private ISessionGrain Session => _host.Grains.GetGrain<ISessionGrain>(_id);

    public async ValueTask InitializeAsync() => _host = await SosTestHost.Start(new SosTestHostOptions
    {
        Time = new ManualTimeProvider(),
        Silo = silo =>
        {
            silo.AddSosGrains();
            FaultyStorage.AddTo(silo, StorageNames.Records);
        },
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_code_whose_use_could_not_be_stored_is_still_good()
    {
        await Phone.Start(new StartCode(_id, Right, false));
        Storage.Fault = WriteFault.Refused;
        await Assert.ThrowsAsync<OrleansException>(() => Phone.Check(new CheckCode(_id, Right)));
        Storage.Fault = WriteFault.None;
        Assert.NotNull((await Phone.Check(new CheckCode(_id, Right))).UserId);
    }

    [Fact]
    public async Task A_code_whose_use_was_stored_is_used_up_though_the_answer_was_lost()
    {
        await Phone.Start(new StartCode(_id, Right, false));
        Storage.Fault = WriteFault.AnswerLost;
        await Assert.ThrowsAsync<OrleansException>(() => Phone.Check(new CheckCode(_id, Right)));
        Storage.Fault = WriteFault.None;
        Assert.Null((await Phone.Check(new CheckCode(_id, Right))).UserId);
    }

    [Fact]
    public async Task A_crash_gives_no_tries_back()
    {
        await Phone.Start(new StartCode(_id, Right, false));
        for (var i = 0; i < 5; i++)
        {
            Assert.Null((await Phone.Check(new CheckCode(_id, Wrong))).UserId);
            await _host.Crash();
            await _host.Start();
        }

        Assert.Null((await Phone.Check(new CheckCode(_id, Right))).UserId);
    }

    [Fact]
    public async Task An_address_has_one_user_for_ever()
    {
        var claimed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Phone.Claim()));
        await Phone.Start(new StartCode(_id, Right, false));
        var signedIn = (await Phone.Check(new CheckCode(_id, Right))).UserId;
        await _host.Crash();
        await _host.Start();
        Assert.All([.. claimed, signedIn, await Phone.Claim()], id => Assert.Equal(claimed[0], id));
    }

    [Fact]
    public async Task A_refresh_that_could_not_be_stored_did_not_happen()
    {
        await Session.Open(new OpenSession(Guid.NewGuid(), "phone"));
        Storage.Fault = WriteFault.Refused;
        await Assert.ThrowsAsync<OrleansException>(() => Session.Refresh(new RefreshCommand(0, null)));
        Assert.Equal(0, (await Session.View())!.Generation);
        Storage.Fault = WriteFault.None;
        Assert.Equal(1, (await Session.Refresh(new RefreshCommand(0, null))).Session!.Generation);
    }

    [Fact]
    public async Task A_refresh_whose_answer_was_lost_is_repeated_with_the_same_successor()
    {
        await Session.Open(new OpenSession(Guid.NewGuid(), "phone"));
        Storage.Fault = WriteFault.AnswerLost;
        await Assert.ThrowsAsync<OrleansException>(() => Session.Refresh(new RefreshCommand(0, null)));
        Storage.Fault = WriteFault.None;
        await _host.Crash();
        await _host.Start();
        Assert.Equal(1, (await Session.Refresh(new RefreshCommand(0, null))).Session!.Generation);
        Assert.Equal(2, (await Session.Refresh(new RefreshCommand(1, null))).Session!.Generation);
    }

    [Fact]
    public async Task A_kill_between_rotation_and_answer_signs_nobody_out_however_long_the_service_is_away()
    {
        await Session.Open(new OpenSession(Guid.NewGuid(), "phone"));
        await Session.Refresh(new RefreshCommand(0, "phone"));
        await _host.Crash();
        await _host.Advance(TimeSpan.FromHours(3));
        await _host.Start();
        Assert.Equal(1, (await Session.Refresh(new RefreshCommand(0, "phone"))).Session!.Generation);
        await _host.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await Session.Refresh(new RefreshCommand(0, "phone"))).Reused);
    }

    [Fact]
    public async Task A_ticket_is_good_once_in_time_and_for_a_session_that_is_open()
    {
        await Session.Open(new OpenSession(Guid.NewGuid(), null));
        var (ticket, until) = (Guid.NewGuid(), _host.Time.GetUtcNow().AddSeconds(30));
        Assert.True(await Session.IssueTicket(ticket, until));
        Assert.Single(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Session.RedeemTicket(ticket))), taken => taken);
        Assert.False(await Session.RedeemTicket(Guid.NewGuid()));

        await Session.IssueTicket(ticket, until);
        await _host.Advance(TimeSpan.FromSeconds(30));
        Assert.False(await Session.RedeemTicket(ticket));

        await Session.IssueTicket(ticket, until.AddMinutes(1));
        await Session.Revoke();
        Assert.False(await Session.RedeemTicket(ticket));
        Assert.False(await Session.IssueTicket(ticket, until.AddMinutes(1)));
        Assert.False(await _host.Grains.GetGrain<ISessionGrain>(Guid.NewGuid()).IssueTicket(ticket, until.AddMinutes(1)));
    }

    [Fact]
    public async Task Fifty_refreshes_at_once_leave_one_successor()
    {
        await Session.Open(new OpenSession(Guid.NewGuid(), null));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Session.Refresh(new RefreshCommand(0, null))));
        Assert.All(answers, answer => Assert.Equal(1, answer.Session!.Generation));
    }

    [Fact]
    public async Task An_ended_session_stays_ended_over_a_crash()
    {
        await Session.Open(new OpenSession(Guid.NewGuid(), null));
        await Session.Revoke();
        await _host.Crash();
        await _host.Start();
        Assert.Null(await Session.View());
        Assert.Null((await Session.Refresh(new RefreshCommand(0, null))).Session);
    }

    [Fact]
    public async Task A_session_that_could_not_be_ended_is_not_said_to_have_ended()
    {
        await Session.Open(new OpenSession(Guid.NewGuid(), null));
        Storage.Fault = WriteFault.Refused;
        await Assert.ThrowsAsync<OrleansException>(() => Session.Revoke());
        Assert.NotNull(await Session.View());
    }

    [Fact]
    public async Task A_session_that_was_never_opened_is_none()
    {
        Assert.Null(await Session.View());
        Assert.Null((await Session.Refresh(new RefreshCommand(0, null))).Session);
        await Session.Revoke();
        Assert.Null(await Session.View());
    }

    [Fact]
    public async Task The_list_of_sessions_names_the_surplus_until_it_is_removed_and_never_grows_without_end()
    {
        var index = _host.Grains.GetGrain<ISessionIndexGrain>(_id);
        var ids = Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids.Take(20)) Assert.Empty(await index.Add(id));
        Assert.Equal(ids[0], Assert.Single(await index.Add(ids[20])));
        Assert.Equal(ids[..2], await index.Add(ids[21]));
        Assert.True(await index.Remove(ids[0]));
        Assert.False(await index.Remove(ids[0]));
        foreach (var id in ids.Skip(22)) await index.Add(id);
        Assert.Equal(40, (await index.List()).Length);
    }

    [Fact]
    public async Task The_bootstrap_is_taken_by_one_of_many_and_over_a_crash()
    {
        var users = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToArray();
        var bootstrap = _host.Grains.GetGrain<IBootstrapGrain>("admin");
        Assert.False(await bootstrap.IsTaken());
        var taken = await Task.WhenAll(users.Select(bootstrap.Take));
        var winner = users[Array.IndexOf(taken, true)];
        Assert.Single(taken, won => won);
        await _host.Crash();
        await _host.Start();
        bootstrap = _host.Grains.GetGrain<IBootstrapGrain>("admin");
        Assert.True(await bootstrap.IsTaken());
        Assert.True(await bootstrap.Take(winner));
        Assert.False(await bootstrap.Take(Guid.CreateVersion7()));
    }
}
