using System.Runtime.InteropServices;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// The trials of a stage from best to worst: kept from call to call, since sorting all of them for each new one takes longer the longer a
/// search runs.
/// </summary>
/// <param name="goals">What is better.</param>
internal sealed class RankedTrials(SearchGoals goals)
{
    // A few new trials are inserted one by one.
    private const int Few = 32;

    private readonly TrialRanking _ranking = new(goals);
    private readonly List<int> _order = [];

    /// <summary>The places of a history's trials, from best to worst; of equal ones the earlier first.</summary>
    /// <param name="history">The history; one list that grows from call to call, of which a call may see less than the one before
    /// it.</param>
    /// <returns>A copy.</returns>
    public int[] Of(TrialHistory history)
    {
        lock (_order)
        {
            int Compare(int a, int b) => _ranking.Compare(history[a], history[b]) is var order and not 0 ? order : a.CompareTo(b);
            int known = _order.Count;
            if (history.Count - known > Few)
            {
                _order.AddRange(Enumerable.Range(known, history.Count - known));
                CollectionsMarshal.AsSpan(_order).Sort(Compare);
            }
            for (int next = _order.Count; next < history.Count; next++)
                _order.Insert(~_order.BinarySearch(next, Comparer<int>.Create(Compare)), next);
            return _order.Count == history.Count ? [.. _order] : [.. _order.Where(place => place < history.Count)];
        }
    }
}
