using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.TestKit;

namespace Sos.Grains.Tests.Identity;

public sealed class SecondFactorGrainTests : IAsyncLifetime
{
    private static readonly ImmutableArray<byte> Secret = [1, 2, 3];
    private static readonly ImmutableArray<byte> Newer = [4, 5, 6];
    private static readonly ImmutableArray<string> Codes = ["aa", "bb"];

    private readonly Guid _user = Guid.CreateVersion7();
    private SosTestHost _host = null!;

    private FaultyStorage Storage => _host.Services.GetRequiredService<FaultyStorage>();

    private ISecondFactorGrain Factor => _host.Grains.GetGrain<ISecondFactorGrain>(_user);

    private IPasswordGrain Password => _host.Grains.GetGrain<IPasswordGrain>(_user);

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
    public async Task A_secret_counts_from_its_first_code_on_and_the_one_before_it_until_then()
    {
        await Factor.Propose(Secret);
        Assert.False((await Factor.View()).Active);
        Assert.Null((await Factor.Begin()).SealedSecret);
        Assert.False(await Factor.Use(1));
        Assert.False(await Factor.Renew(Codes));
        Assert.False(await Factor.Confirm(new SecondFactorConfirmation(Newer, 7, Codes)));
        Assert.True(await Factor.Confirm(new SecondFactorConfirmation(Secret, 7, Codes)));
        Assert.False(await Factor.Confirm(new SecondFactorConfirmation(Secret, 8, Codes)));
        Assert.Equal(new SecondFactorView(true, 2), await Factor.View());

        await Factor.Propose(Newer);
        Assert.Equal(Secret, (await Factor.Begin()).SealedSecret!.Value);
        Assert.True(await Factor.Confirm(new SecondFactorConfirmation(Newer, 9, ["cc"])));
        Assert.Equal(Newer, (await Factor.Begin()).SealedSecret!.Value);
        Assert.False(await Factor.Recover("aa"));
        Assert.True(await Factor.Recover("cc"));
    }

    [Fact]
    public async Task A_code_is_used_once_by_one_of_many_and_over_a_crash()
    {
        await SetUp();
        Assert.False(await Factor.Use(7));
        Assert.Single(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Factor.Use(8))), good => good);
        await _host.Crash();
        await _host.Start();
        Assert.False(await Factor.Use(8));
        Assert.False(await Factor.Use(7));
        Assert.True(await Factor.Use(9));
    }

    [Fact]
    public async Task A_recovery_code_is_used_once_by_one_of_many_and_over_a_crash()
    {
        await SetUp();
        Assert.Single(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Factor.Recover("aa"))), good => good);
        await _host.Crash();
        await _host.Start();
        Assert.False(await Factor.Recover("aa"));
        Assert.Equal(1, (await Factor.View()).RecoveryLeft);
        Assert.True(await Factor.Renew(["dd"]));
        Assert.False(await Factor.Recover("bb"));
        Assert.True(await Factor.Recover("dd"));
    }

    [Fact]
    public async Task Many_tries_at_once_are_five_and_a_crash_gives_none_back()
    {
        await SetUp();
        var begun = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Factor.Begin()));
        Assert.Equal(5, begun.Count(one => one.SealedSecret is not null));
        await _host.Crash();
        await _host.Start();
        var waits = await Factor.Begin();
        Assert.Null(waits.SealedSecret);
        Assert.InRange(waits.Wait, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Pauses_grow_to_an_hour_and_a_hundred_wrong_codes_are_the_last()
    {
        await SetUp();
        var (tries, started) = (0, _host.Time.GetUtcNow());
        var first = new List<TimeSpan>();
        while (tries < 100)
        {
            var answer = await Factor.Begin();
            if (answer.SealedSecret is not null)
            {
                tries++;
                continue;
            }

            if (first.Count < 8) first.Add(answer.Wait);
            await _host.Advance(answer.Wait);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], first.Select(wait => (int)wait.TotalMinutes));
        Assert.True(_host.Time.GetUtcNow() - started > TimeSpan.FromDays(3.5), "a hundred guesses took less than half a week");
        await _host.Advance(TimeSpan.FromDays(30));
        Assert.Null((await Factor.Begin()).SealedSecret);
        Assert.True(await Factor.Recover("aa"));
        Assert.NotNull((await Factor.Begin()).SealedSecret);
    }

    [Fact]
    public async Task A_good_code_gives_the_tries_back()
    {
        await SetUp();
        for (var step = 8; step < 40; step++)
        {
            Assert.NotNull((await Factor.Begin()).SealedSecret);
            Assert.True(await Factor.Use(step));
        }
    }

    [Fact]
    public async Task What_could_not_be_stored_did_not_happen_and_what_was_stored_did()
    {
        await SetUp();
        Storage.Fault = WriteFault.Refused;
        await Assert.ThrowsAsync<OrleansException>(() => Factor.Recover("aa"));
        Storage.Fault = WriteFault.AnswerLost;
        await Assert.ThrowsAsync<OrleansException>(() => Factor.Use(8));
        Storage.Fault = WriteFault.None;
        Assert.False(await Factor.Use(8));
        Assert.True(await Factor.Recover("aa"));
    }

    [Fact]
    public async Task What_was_taken_away_is_gone_and_its_codes_stay_used()
    {
        await SetUp();
        await Factor.Use(20);
        await Factor.Remove();
        Assert.Equal(new SecondFactorView(false, 0), await Factor.View());
        Assert.Null((await Factor.Begin()).SealedSecret);
        Assert.False(await Factor.Recover("aa"));
    }

    [Fact]
    public async Task A_user_without_a_second_factor_leaves_no_record()
    {
        await Factor.Remove();
        Assert.Equal(new SecondFactorView(false, 0), await Factor.View());
        Assert.False(await Factor.Recover("aa"));
        Assert.Null((await Factor.Begin()).SealedSecret);
    }

    [Fact]
    public async Task A_hundred_wrong_passwords_in_a_row_are_the_last_until_a_new_one_is_set()
    {
        Assert.Null(await Password.Begin());
        await Password.Set("hash");
        for (var i = 0; i < 99; i++) Assert.Equal("hash", await Password.Begin());
        await _host.Crash();
        await _host.Start();
        await Password.Begin();
        Assert.Null(await Password.Begin());
        Assert.True(await Password.IsSet());
        await Password.Set("other");
        Assert.Equal("other", await Password.Begin());
        await Password.Succeed();
        for (var i = 0; i < 100; i++) Assert.Equal("other", await Password.Begin());
    }

    private async Task SetUp()
    {
        await Factor.Propose(Secret);
        Assert.True(await Factor.Confirm(new SecondFactorConfirmation(Secret, 7, Codes)));
    }
}
