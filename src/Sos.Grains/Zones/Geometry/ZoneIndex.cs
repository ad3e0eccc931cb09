namespace Sos.Grains.Zones.Geometry;

/// <summary>
/// Boxes in a packed R-tree, sorted tile by tile (STR; Leutenegger, Lopez and Edgington, 1997): four flat arrays, never changed after it is made, no allocation
/// by a search. Made anew when zones change.
/// </summary>
internal sealed class ZoneIndex
{
    private const int Fan = 16;
    private const int MostLevels = 8;

    // Level by level from the leaves up; a leaf's box is an item's, an upper box holds the next 16 below it.
    private readonly double[] _south, _west, _north, _east;
    private readonly int[] _items;
    private readonly int[] _levelStarts;

    /// <summary>Makes an index over boxes; what a search answers are their places in the list.</summary>
    public ZoneIndex(IReadOnlyList<ZoneBox> boxes)
    {
        _items = Tiles(boxes);
        var starts = new List<int> { 0 };
        var (total, width) = (boxes.Count, boxes.Count);
        while (width > 1)
        {
            starts.Add(total);
            width = (width + Fan - 1) / Fan;
            total += width;
        }

        starts.Add(total);
        _levelStarts = [.. starts];
        (_south, _west, _north, _east) = (new double[total], new double[total], new double[total], new double[total]);
        for (var i = 0; i < _items.Length; i++) Put(i, boxes[_items[i]]);
        for (var level = 1; level + 1 < _levelStarts.Length; level++) Gather(level);
    }

    /// <summary>Boxes held.</summary>
    public int Count => _items.Length;

    /// <summary>
    /// Writes the items whose boxes touch a box, in no order, each once; answers how many there are, which can be more than there was room for.
    /// </summary>
    public int Find(ZoneBox box, Span<int> found)
    {
        if (_items.Length == 0) return 0;
        var count = Find(box, 0, found, 0);
        var root = _south.Length - 1;

        // The other sides of the antimeridian, where anything lies there.
        if (box.West + 360 <= _east[root]) count = Find(box, 360, found, count);
        if (box.East - 360 >= _west[root]) count = Find(box, -360, found, count);
        return count;
    }

    private int Find(ZoneBox box, double shift, Span<int> found, int count)
    {
        Span<int> stack = stackalloc int[MostLevels * Fan * 2];
        var (west, east) = (box.West + shift, box.East + shift);
        var top = 0;
        stack[top++] = _levelStarts.Length - 2;
        stack[top++] = _south.Length - 1;
        while (top > 0)
        {
            var node = stack[--top];
            var level = stack[--top];
            if (_south[node] > box.North || _north[node] < box.South || _west[node] > east || _east[node] < west) continue;
            if (level == 0)
            {
                // A band around the Earth is met on both sides.
                if (shift != 0 && found[..Math.Min(count, found.Length)].Contains(_items[node])) continue;
                if (count < found.Length) found[count] = _items[node];
                count++;
                continue;
            }

            var first = _levelStarts[level - 1] + (node - _levelStarts[level]) * Fan;
            var end = Math.Min(first + Fan, _levelStarts[level]);
            for (var child = first; child < end; child++)
            {
                stack[top++] = level - 1;
                stack[top++] = child;
            }
        }

        return count;
    }

    private static int[] Tiles(IReadOnlyList<ZoneBox> boxes)
    {
        var order = Enumerable.Range(0, boxes.Count).OrderBy(i => boxes[i].West + boxes[i].East).ToArray();
        var slices = (int)Math.Ceiling(Math.Sqrt((boxes.Count + Fan - 1) / Fan));
        var length = slices * Fan;
        for (var start = 0; start < order.Length; start += length)
        {
            var slice = order.AsSpan(start, Math.Min(length, order.Length - start));
            slice.Sort((one, other) => (boxes[one].South + boxes[one].North).CompareTo(boxes[other].South + boxes[other].North));
        }

        return order;
    }

    private void Put(int place, ZoneBox box) => (_south[place], _west[place], _north[place], _east[place]) = (box.South, box.West, box.North, box.East);

    private void Gather(int level)
    {
        for (var node = _levelStarts[level]; node < _levelStarts[level + 1]; node++)
        {
            var first = _levelStarts[level - 1] + (node - _levelStarts[level]) * Fan;
            var end = Math.Min(first + Fan, _levelStarts[level]);
            var all = new ZoneBox(_south[first], _west[first], _north[first], _east[first]);
            for (var child = first + 1; child < end; child++)
            {
                all = new ZoneBox(Math.Min(all.South, _south[child]), Math.Min(all.West, _west[child]), Math.Max(all.North, _north[child]), Math.Max(all.East, _east[child]));
            }

            Put(node, all);
        }
    }
}
