using Orleans;
using Orleans.Runtime;

namespace Sos.Embedded.Reminders;

/// <summary>The next tick of every reminder, in one heap. Not safe for several threads.</summary>
internal sealed class ReminderSchedule
{
    private readonly Dictionary<(GrainId Grain, string Name), Scheduled> _current = [];
    private readonly PriorityQueue<Scheduled, (DateTime Due, long Order)> _heap = new();
    private long _order;

    /// <summary>Reminders that are kept.</summary>
    public int Count => _current.Count;

    /// <summary>Entries of the heap, outdated ones included.</summary>
    public int HeapCount => _heap.Count;

    /// <summary>When the next one is due; <see langword="null"/> when there is none.</summary>
    public DateTime? NextDue
    {
        get
        {
            while (_heap.TryPeek(out var head, out var due))
            {
                if (IsCurrent(head)) return due.Due;
                _heap.Dequeue();
            }

            return null;
        }
    }

    /// <summary>The version of a reminder's row as far as it is known here.</summary>
    public string? ETagOf(GrainId grainId, string name) => _current.GetValueOrDefault((grainId, name))?.Entry.ETag;

    /// <summary>Puts a reminder in, in place of the one with its grain and name.</summary>
    public void Put(ReminderEntry entry, DateTime due)
    {
        var scheduled = new Scheduled(entry, due);
        _current[(entry.GrainId, entry.ReminderName)] = scheduled;
        Push(scheduled);
    }

    public void Remove(GrainId grainId, string name) => _current.Remove((grainId, name));

    /// <summary>Takes what is due. It stays known, but is due again only after <see cref="Again"/>.</summary>
    public List<Scheduled> TakeDue(DateTime now)
    {
        var due = new List<Scheduled>();
        while (NextDue <= now) due.Add(_heap.Dequeue());
        return due;
    }

    /// <summary>Schedules a reminder's next tick after one was taken, unless it was changed or removed meanwhile.</summary>
    public void Again(Scheduled ticked, DateTime due)
    {
        if (!IsCurrent(ticked)) return;
        ticked.Due = due;
        Push(ticked);
    }

    private bool IsCurrent(Scheduled scheduled)
        => _current.TryGetValue((scheduled.Entry.GrainId, scheduled.Entry.ReminderName), out var current) && current == scheduled;

    private void Push(Scheduled scheduled)
    {
        // Replaced and removed reminders stay in the heap until they come up; far ones would pile up.
        if (_heap.Count > 2 * _current.Count + 1000)
        {
            var live = _heap.UnorderedItems.Where(item => IsCurrent(item.Element)).ToArray();
            _heap.Clear();
            _heap.EnqueueRange(live);
        }

        // Equal times tick in the order in which they came in, so that a simulation replays.
        _heap.Enqueue(scheduled, (scheduled.Due, _order++));
    }

    internal sealed class Scheduled(ReminderEntry entry, DateTime due)
    {
        public ReminderEntry Entry { get; } = entry;

        public DateTime Due { get; set; } = due;
    }
}
