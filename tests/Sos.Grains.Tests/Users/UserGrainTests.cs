using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Messaging;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Messaging;
using Sos.TestKit;

namespace Sos.Grains.Tests.Users;

public sealed class UserGrainTests : IAsyncLifetime
{
    private readonly Guid _id = Guid.CreateVersion7();
    private SosTestHost _host = null!;

    private IUserGrain User => _host.Grains.GetGrain<IUserGrain>(_id);

    private FaultyStorage Storage => _host.Services.GetRequiredService<FaultyStorage>();

    private DevelopmentOutbox Outbox => _host.Services.GetRequiredService<DevelopmentOutbox>();

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
    public async Task An_account_survives_a_crash_and_a_position_does_not()
    {
        await Register();
        await User.Update(new ProfileChange("Ada", null, "en"));
        await User.Grant(new UserGrant(Roles.Operator, ["u33d"], null));
        await User.Report([Position(52.5)]);
        Assert.Equal(52.5, (await User.LastKnown())!.Point.Latitude);
        var before = await User.Profile();

        await _host.Crash();
        await _host.Start();
        var after = await User.Profile();
        Assert.Equal(before! with { Areas = [] }, after! with { Areas = [] });
        Assert.Equal(["u33d"], after.Areas);
        Assert.Null(await User.LastKnown());
    }

    [Fact]
    public async Task Nobody_is_made_by_being_looked_at()
    {
        Assert.Null(await User.Profile());
        Assert.Null(await User.Update(new ProfileChange("Eve", null, null)));
        Assert.Null(await User.Grant(new UserGrant(Roles.Admin, null, null)));
        Assert.Null(await User.Profile());
    }

    [Fact]
    public async Task A_grant_that_could_not_be_stored_is_not_shown()
    {
        await Register();
        Storage.Fault = WriteFault.Refused;
        await Assert.ThrowsAsync<OrleansException>(() => User.Grant(new UserGrant(Roles.Admin, null, null)));
        Assert.Equal(Roles.User, (await User.Profile())!.Roles);
    }

    [Fact]
    public async Task The_open_alert_is_known_after_a_crash_until_it_closes()
    {
        var alert = Guid.CreateVersion7();
        await User.NoteAlert(alert, true);
        await _host.Crash();
        await _host.Start();
        Assert.Equal(alert, await User.OpenAlert());
        await User.NoteAlert(alert, false);
        await User.NoteAlert(alert, true);
        Assert.Null(await User.OpenAlert());
    }

    [Fact]
    public async Task A_position_is_given_out_for_30_minutes_and_no_longer()
    {
        await User.Report([Position(52.5)]);
        await _host.Advance(TimeSpan.FromMinutes(29));
        Assert.NotNull(await User.LastKnown());
        await _host.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(await User.LastKnown());
    }

    [Fact]
    public async Task Devices_are_told_until_their_process_has_not_followed_for_60_seconds()
    {
        var device = new Device();
        var observer = _host.Grains.CreateObjectReference<IDeviceObserver>(device);
        Assert.Equal(0, await User.Tell(Event(1)));
        await User.Follow(observer);
        Assert.Equal(1, await User.Tell(Event(2)));
        await _host.Advance(TimeSpan.FromSeconds(40));
        await User.Follow(observer);
        await _host.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(1, await User.Tell(Event(3)));
        await _host.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, await User.Tell(Event(4)));

        Assert.Equal((_id, 2), await device.Next());
        Assert.Equal((_id, 3), await device.Next());
        GC.KeepAlive(device);
    }

    [Fact]
    public async Task A_text_goes_to_her_phone_once_a_key_and_nowhere_without_an_account()
    {
        Assert.False(await User.Text(TextTemplate.AlertReceived, "k1"));
        await Register();
        Assert.True(await User.Text(TextTemplate.AlertReceived, "k1"));
        Assert.True(await User.Text(TextTemplate.AlertReceived, "k1"));
        Assert.Equal("+49301234567", Assert.Single(Outbox.Read(null)).To);
    }

    [Fact]
    public async Task A_deployment_without_messages_says_that_nothing_was_sent()
    {
        await using var host = await SosTestHost.Start(new SosTestHostOptions
        {
            Silo = silo =>
            {
                silo.AddSosGrains();
                silo.Services.Configure<MessagingOptions>(options => options.Gateway = MessagingOptions.None);
            },
        });
        var user = host.Grains.GetGrain<IUserGrain>(_id);
        await user.Register(new UserRegistration("+49301234567", null, Roles.User));
        Assert.False(await user.Text(TextTemplate.AlertReceived, "k1"));
    }

    private Task<UserProfile?> Register() => User.Register(new UserRegistration("+49301234567", null, Roles.User));

    private PositionReport Position(double latitude) => new(new GeoPoint(latitude, 13.4), null, _host.Time.GetUtcNow());

    private AlertEvent Event(long seq) => new(Guid.Empty, seq, seq - 1, _host.Time.GetUtcNow(), AlertEventKind.Raised, AlertStatus.Raised, Actor.Victim);

    private sealed class Device : IDeviceObserver
    {
        private readonly System.Threading.Channels.Channel<(Guid, long)> _told = System.Threading.Channels.Channel.CreateUnbounded<(Guid, long)>();

        public Task AlertChanged(Guid person, AlertEvent change) => _told.Writer.WriteAsync((person, change.Seq)).AsTask();

        public Task ZoneEntered(Guid person, ZoneWarning warning) => Task.CompletedTask;

        public Task CrowdSeen(Guid person, ZoneCrowd crowd) => Task.CompletedTask;

        public Task SharingEnded(Guid person, SharingEnd end) => Task.CompletedTask;

        public Task InboxChanged(Guid person, InboxItem item) => Task.CompletedTask;

        public Task BoardChanged(Guid person, BoardEntry entry) => Task.CompletedTask;

        public Task RelativeNear(Guid person, ProximityAlert alert) => Task.CompletedTask;

        public async Task<(Guid, long)> Next()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            return await _told.Reader.ReadAsync(patience.Token);
        }
    }
}
