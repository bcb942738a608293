using System.Diagnostics;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

internal sealed partial class TrialExchange
{
    // What the other processes did.

    /// <summary>Hears of what the others did, unless that was asked an instant ago.</summary>
    public void Listen()
    {
        lock (_lock)
        {
            if (_listened != 0 && Stopwatch.GetElapsedTime(_listened).TotalMilliseconds < 1)
                return;
        }
        _store.Call(Hear);
    }

    // Within the lock, or before there are other threads.
    private void Hear()
    {
        TrialChanges changes = _log.ReadSince(_cursor);
        foreach (TrialChange change in changes.Changes)
            Take(change);
        _cursor = changes.Cursor;
        _listened = Stopwatch.GetTimestamp();
    }

    private void Take(TrialChange change)
    {
        (int, int) key = (change.Stage, change.Number);
        if (!_known.TryGetValue(key, out Known? known))
            _known[key] = known = new Known();
        if (change.Kind == TrialChangeKind.Ended)
        {
            if (change.Epoch <= known.ResultEpoch)
                return;
            (known.ResultEpoch, known.Result) = (change.Epoch, change.Result);
            known.IsHeld &= change.Epoch < known.Epoch;
            _heard(change.Result!);
            if (_late.Remove(key, out TrialResult? late))
                Compare(change.Result!, late);
        }
        else if (change.Epoch >= known.Epoch)
        {
            (known.Epoch, known.IsHeld) = (change.Epoch, change.Kind == TrialChangeKind.Claimed);
        }
    }

    private void Compare(TrialResult counts, TrialResult late)
    {
        if (TrialDifference.Between(counts, late) is { } difference)
            _differed(difference);
    }

    /// <summary>What was heard of a trial.</summary>
    private sealed class Known
    {
        public long Epoch { get; set; }

        public bool IsHeld { get; set; }

        public long ResultEpoch { get; set; }

        public TrialResult? Result { get; set; }
    }
}
