using System.Security.Cryptography;
using Sos.Contracts.Privacy;
using Sos.Grains.Privacy;

namespace Sos.Grains.Tests.Privacy;

/// <summary>Data keys are wrapped by the newest key and unwrapped by any that is known, for what they belong to only.</summary>
public sealed class KeyRingTests
{
    private static readonly byte[] Old = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] New = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] DataKey = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _wrapped = new byte[IKeyEncryption.WrappedBytes];
    private readonly byte[] _unwrapped = new byte[32];

    [Fact]
    public void What_an_old_key_has_wrapped_is_unwrapped_after_a_rotation_and_new_keys_are_wrapped_by_the_new_one()
    {
        var id = new KeyRing([Old]).Wrap(DataKey, "a"u8, _wrapped);
        var ring = new KeyRing([Old, New]);
        Assert.True(ring.TryUnwrap(id, _wrapped, "a"u8, _unwrapped));
        Assert.Equal(DataKey, _unwrapped);
        Assert.Equal(KeyRing.IdOf(New), ring.CurrentKey);
        Assert.Equal(ring.CurrentKey, ring.Wrap(DataKey, "a"u8, _wrapped));
        Assert.False(new KeyRing([Old]).TryUnwrap(ring.CurrentKey, _wrapped, "a"u8, _unwrapped));
    }

    [Fact]
    public void A_wrapped_key_is_good_for_nothing_else_than_it_was_wrapped_for()
    {
        var ring = new KeyRing([Old]);
        var id = ring.Wrap(DataKey, "a"u8, _wrapped);
        Assert.False(ring.TryUnwrap(id, _wrapped, "b"u8, _unwrapped));
        for (var i = 0; i < _wrapped.Length; i++)
        {
            _wrapped[i] ^= 1;
            Assert.False(ring.TryUnwrap(id, _wrapped, "a"u8, _unwrapped), $"byte {i}");
            _wrapped[i] ^= 1;
        }
    }

    [Fact]
    public void The_same_key_wrapped_twice_is_not_seen_to_be_the_same()
    {
        var (ring, again) = (new KeyRing([Old]), new byte[IKeyEncryption.WrappedBytes]);
        ring.Wrap(DataKey, "a"u8, _wrapped);
        ring.Wrap(DataKey, "a"u8, again);
        Assert.NotEqual(_wrapped, again);
    }

    [Fact]
    public void A_ring_without_a_key_or_with_a_short_one_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new KeyRing([]));
        Assert.Throws<ArgumentException>(() => new KeyRing([new byte[16]]));
    }
}
