using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sos.Grains.Geo;

/// <summary>
/// Finds the nearest slots in flat arrays of coordinates by squared straight-line distance, keeping the best in a heap whose root
/// is the worst of them and from then on the limit. Almost every group of lanes fails that one comparison, so the cost is reading the arrays.
/// The arrays are padded to <see cref="Lanes"/> with NaN, which is never within a limit.
/// </summary>
internal ref struct NearestScan(SlotFilter filter, Span<float> distances, Span<int> slots, Vector3 centre, float limit)
{
    /// <summary>Lengths of the coordinate arrays are multiples of this.</summary>
    public const int Lanes = 16;

    private readonly SlotFilter _filter = filter;
    private readonly Span<float> _distances = distances;
    private readonly Span<int> _slots = slots;
    private float _limit = limit;

    /// <summary>How many were found, at most the length of the result spans; they are in no order.</summary>
    public int Count { get; private set; }

    /// <summary>Scans with the widest vectors of this machine.</summary>
    public void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z)
    {
        if (Vector512.IsHardwareAccelerated) Run512(x, y, z);
        else if (Vector256.IsHardwareAccelerated) Run256(x, y, z);
        else RunScalar(x, y, z);
    }

    /// <summary>Sixteen slots at a time.</summary>
    public void Run512(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z)
    {
        var xs = MemoryMarshal.Cast<float, Vector512<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector512<float>>(y);
        var zs = MemoryMarshal.Cast<float, Vector512<float>>(z);
        var (cx, cy, cz) = (Vector512.Create(centre.X), Vector512.Create(centre.Y), Vector512.Create(centre.Z));
        var bound = Vector512.Create(_limit);
        for (var i = 0; i < xs.Length; i++)
        {
            var (dx, dy, dz) = (xs[i] - cx, ys[i] - cy, zs[i] - cz);
            var square = dx * dx + dy * dy + dz * dz;
            var near = Vector512.LessThanOrEqual(square, bound).ExtractMostSignificantBits();
            if (near == 0) continue;
            for (; near != 0; near &= near - 1)
            {
                var lane = BitOperations.TrailingZeroCount(near);
                Offer(i * 16 + lane, square[lane]);
            }

            bound = Vector512.Create(_limit);
        }
    }

    /// <summary>Eight slots at a time.</summary>
    public void Run256(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z)
    {
        var xs = MemoryMarshal.Cast<float, Vector256<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector256<float>>(y);
        var zs = MemoryMarshal.Cast<float, Vector256<float>>(z);
        var (cx, cy, cz) = (Vector256.Create(centre.X), Vector256.Create(centre.Y), Vector256.Create(centre.Z));
        var bound = Vector256.Create(_limit);
        for (var i = 0; i < xs.Length; i++)
        {
            var (dx, dy, dz) = (xs[i] - cx, ys[i] - cy, zs[i] - cz);
            var square = dx * dx + dy * dy + dz * dz;
            var near = Vector256.LessThanOrEqual(square, bound).ExtractMostSignificantBits();
            if (near == 0) continue;
            for (; near != 0; near &= near - 1)
            {
                var lane = BitOperations.TrailingZeroCount(near);
                Offer(i * 8 + lane, square[lane]);
            }

            bound = Vector256.Create(_limit);
        }
    }

    /// <summary>One slot at a time.</summary>
    public void RunScalar(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy, dz) = (x[i] - centre.X, y[i] - centre.Y, z[i] - centre.Z);
            Offer(i, dx * dx + dy * dy + dz * dz);
        }
    }

    private void Offer(int slot, float square)
    {
        if (!(square <= _limit) || !_filter.Passes(slot)) return;
        if (Count < _slots.Length)
        {
            Rise(Count++, slot, square);
            if (Count == _slots.Length) _limit = _distances[0];
        }
        else if (square < _distances[0])
        {
            Sink(slot, square);
            _limit = _distances[0];
        }
    }

    private readonly void Rise(int at, int slot, float square)
    {
        for (int parent; at > 0 && _distances[parent = (at - 1) / 2] < square; at = parent)
        {
            (_distances[at], _slots[at]) = (_distances[parent], _slots[parent]);
        }

        (_distances[at], _slots[at]) = (square, slot);
    }

    private readonly void Sink(int slot, float square)
    {
        var at = 0;
        for (int child; (child = 2 * at + 1) < Count; at = child)
        {
            if (child + 1 < Count && _distances[child + 1] > _distances[child]) child++;
            if (_distances[child] <= square) break;
            (_distances[at], _slots[at]) = (_distances[child], _slots[child]);
        }

        (_distances[at], _slots[at]) = (square, slot);
    }
}
