using System.Security.Cryptography;
using System.Text;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Geo;
using Sos.Grains.Alerts;
using Sos.Grains.Identity;
using Sos.Grains.Privacy;
using Sos.Grains.Users;

namespace Sos.Grains.Tests.Privacy;

/// <summary>What providers store is sealed, opens only for the grain it was written for, and dies with its owner's key.</summary>
public sealed class SealedGrainStorageTests
{
    private const string Canary = "Canary Wharf 7";
    private static readonly GrainId User = GrainId.Create("sos.user", Guid.NewGuid().ToString("N"));
    private static readonly GrainId Contacts = GrainId.Create("sos.contacts", User.Key.ToString()!);
    private static readonly GrainId Alert = GrainId.Create("sos.alert", Guid.NewGuid().ToString("N"));
    private static readonly GrainId Track = GrainId.Create("sos.track", Alert.Key + "/0");

    private readonly StoredBytes _stored = new();
    private readonly CountingKeys _keys = new(new KeyRing([RandomNumberGenerator.GetBytes(32)]));
    private readonly SealedGrainStorage _storage;

    public SealedGrainStorageTests() => _storage = Over(_keys);

    [Fact]
    public async Task Nothing_is_stored_in_clear_and_all_is_read_again()
    {
        await Write("user", User, new UserState { FullName = Canary, Phone = "+15550100200" });
        var bytes = Encoding.Latin1.GetString(_stored["user", User]);
        Assert.DoesNotContain("Canary", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("5550100200", bytes, StringComparison.Ordinal);
        Assert.Equal(Canary, (await Read<UserState>("user", User)).State!.FullName);
    }

    [Fact]
    public async Task The_same_state_written_twice_is_stored_as_other_bytes()
    {
        var state = await Write("user", User, new UserState { FullName = Canary });
        var first = _stored["user", User];
        await _storage.WriteStateAsync("user", User, state);
        var second = _stored["user", User];
        Assert.NotEqual(first, second);
        // The key is the same, wrapped once; only what it encrypts has another nonce.
        Assert.Equal(first[..68], second[..68]);
    }

    [Fact]
    public async Task A_changed_byte_anywhere_is_refused()
    {
        await Write("user", User, new UserState { FullName = Canary });
        var good = _stored["user", User];
        for (var i = 0; i < good.Length; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= 1;
            _stored["user", User] = bad;
            await Assert.ThrowsAsync<SealedRecordException>(() => Read<UserState>("user", User));
        }
    }

    [Fact]
    public async Task A_record_cut_short_or_in_clear_is_refused()
    {
        await Write("user", User, new UserState { FullName = Canary });
        var good = _stored["user", User];
        foreach (var length in new[] { 0, 1, 4, 31, 67, 95, good.Length - 1 })
        {
            _stored["user", User] = good[..length];
            await Assert.ThrowsAsync<SealedRecordException>(() => Read<UserState>("user", User));
        }

        _stored["user", User] = """{"fullName":"Mallory","roles":"User, Admin"}"""u8.ToArray();
        await Assert.ThrowsAsync<SealedRecordException>(() => Read<UserState>("user", User));
    }

    [Fact]
    public async Task A_record_in_another_grains_place_is_refused()
    {
        var other = GrainId.Create("sos.user", Guid.NewGuid().ToString("N"));
        await Write("user", User, new UserState { FullName = Canary });
        _stored["user", other] = _stored["user", User];
        _stored["session", User] = _stored["user", User];
        await Assert.ThrowsAsync<SealedRecordException>(() => Read<UserState>("user", other));
        await Assert.ThrowsAsync<SealedRecordException>(() => Read<SessionState>("session", User));
    }

    [Fact]
    public async Task What_belongs_to_an_alert_has_no_key_of_its_own_and_dies_with_the_alerts()
    {
        var alert = await Write("alert", Alert, new AlertState { Note = Canary });
        var track = await Write("track", Track, new TrackState { Fixes = [new PositionFix(new GeoPoint(48.2, 16.4), null, DateTimeOffset.UnixEpoch)] });
        Assert.Equal(1, _stored["track", Track][2]);
        Assert.Single((await Read<TrackState>("track", Track)).State!.Fixes);

        var before = _stored["alert", Alert];
        alert.State = new AlertState { KeyGeneration = 1 };
        await _storage.WriteStateAsync("alert", Alert, alert);
        Assert.NotEqual(before[8..68], _stored["alert", Alert][8..68]);

        var dead = await Read<TrackState>("track", Track);
        Assert.True(dead.RecordExists);
        Assert.Empty(dead.State!.Fixes);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _storage.WriteStateAsync("track", Track, dead));
        await _storage.ClearStateAsync("track", Track, dead);
        Assert.False((await Read<TrackState>("track", Track)).RecordExists);
    }

    [Fact]
    public async Task A_record_of_a_person_who_is_not_there_yet_has_a_key_of_its_own()
    {
        await Write("contacts", Contacts, new ContactsState { Contacts = [new ContactEntry { Name = Canary }] });
        Assert.Equal(0, _stored["contacts", Contacts][2]);
        Assert.Equal(Canary, (await Read<ContactsState>("contacts", Contacts)).State!.Contacts[0].Name);
    }

    [Fact]
    public async Task An_activation_unwraps_its_key_once()
    {
        await Write("alert", Alert, new AlertState { Note = Canary });
        var read = await Read<AlertState>("alert", Alert);
        var (wraps, unwraps) = (_keys.Wraps, _keys.Unwraps);
        for (var i = 0; i < 10; i++) await _storage.WriteStateAsync("alert", Alert, read);
        Assert.Equal((wraps, unwraps), (_keys.Wraps, _keys.Unwraps));
    }

    [Fact]
    public async Task After_a_rotation_records_open_and_are_wrapped_by_the_new_key_when_they_are_written_or_by_the_command()
    {
        var (old, young) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        await Write("user", User, new UserState { FullName = Canary }, Over(new KeyRing([old])));
        await Write("alert", Alert, new AlertState { Note = Canary }, Over(new KeyRing([old])));

        var both = new KeyRing([old, young]);
        var read = await Read<UserState>("user", User, Over(both));
        await Over(both).WriteStateAsync("user", User, read);
        Assert.Null(KeyRotation.Rewrap(both, "user", User, _stored["user", User]));
        _stored["alert", Alert] = KeyRotation.Rewrap(both, "alert", Alert, _stored["alert", Alert])!;

        Assert.Equal(Canary, (await Read<UserState>("user", User, Over(new KeyRing([young])))).State!.FullName);
        Assert.Equal(Canary, (await Read<AlertState>("alert", Alert, Over(new KeyRing([young])))).State!.Note);
        await Assert.ThrowsAsync<SealedRecordException>(() => Read<UserState>("user", User, Over(new KeyRing([old]))));
        Assert.Throws<InvalidDataException>(() => KeyRotation.Rewrap(new KeyRing([old]), "user", User, _stored["user", User]));
        Assert.Throws<InvalidDataException>(() => KeyRotation.Rewrap(both, "user", User, "{}"u8.ToArray()));
    }

    [Fact]
    public async Task A_cleared_record_begins_again_with_another_key()
    {
        var state = await Write("user", User, new UserState { FullName = Canary });
        var key = _stored["user", User][8..68];
        await _storage.ClearStateAsync("user", User, state);
        Assert.False(state.RecordExists);
        Assert.Null(state.State!.FullName);
        state.State!.FullName = "another";
        await _storage.WriteStateAsync("user", User, state);
        Assert.NotEqual(key, _stored["user", User][8..68]);
    }

    private SealedGrainStorage Over(Sos.Contracts.Privacy.IKeyEncryption keys) => new(_stored, new OwnerKeys(_stored, keys), keys);

    private async Task<GrainState<T>> Write<T>(string name, GrainId grain, T state, SealedGrainStorage? storage = null)
    {
        var written = new GrainState<T>(state);
        await (storage ?? _storage).WriteStateAsync(name, grain, written);
        return written;
    }

    private async Task<GrainState<T>> Read<T>(string name, GrainId grain, SealedGrainStorage? storage = null)
        where T : new()
    {
        var read = new GrainState<T>(new T());
        await (storage ?? _storage).ReadStateAsync(name, grain, read);
        return read;
    }
}
