namespace Sos.Embedded.Runtime.Calls;

/// <summary>A list of calls in order, linked through the calls themselves, so that an idle grain has no queue and a waiting call costs nothing.</summary>
internal struct CallList
{
    private GrainCall? _first;
    private GrainCall? _last;

    public readonly GrainCall? First => _first;

    public readonly bool IsEmpty => _first is null;

    public void Add(GrainCall call)
    {
        if (_last is null)
            _first = call;
        else
            _last.Next = call;
        _last = call;
    }

    /// <summary>Removes a call.</summary>
    /// <returns>Whether it was in the list.</returns>
    public bool Remove(GrainCall call)
    {
        GrainCall? before = null;
        for (var at = _first; at is not null; before = at, at = at.Next)
        {
            if (!ReferenceEquals(at, call)) continue;

            RemoveAfter(before, at);
            return true;
        }

        return false;
    }

    /// <summary>Removes a call whose predecessor is known; null for the first.</summary>
    public void RemoveAfter(GrainCall? before, GrainCall call)
    {
        if (before is null)
            _first = call.Next;
        else
            before.Next = call.Next;
        if (ReferenceEquals(_last, call)) _last = before;
        call.Next = null;
    }

    /// <summary>Takes the calls out whose time has run out.</summary>
    public void TakeOverdue(long now, List<GrainCall> overdue)
    {
        GrainCall? before = null;
        for (var call = _first; call is not null;)
        {
            var next = call.Next;
            if (call.Deadline < now)
            {
                RemoveAfter(before, call);
                overdue.Add(call);
            }
            else
            {
                before = call;
            }

            call = next;
        }
    }

    /// <summary>Lists the calls whose time has run out and whose callers do not know it yet.</summary>
    public readonly void ListOverdue(long now, List<GrainCall> overdue)
    {
        for (var call = _first; call is not null; call = call.Next)
        {
            if (call.Deadline < now && !call.IsAnswered) overdue.Add(call);
        }
    }

    /// <summary>Takes all calls out.</summary>
    public GrainCall[] Drain()
    {
        var calls = new List<GrainCall>();
        while (_first is { } call)
        {
            RemoveAfter(null, call);
            calls.Add(call);
        }

        return [.. calls];
    }
}
