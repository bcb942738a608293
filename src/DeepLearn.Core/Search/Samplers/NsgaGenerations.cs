using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>The populations of a stage, each kept with the number of trials that it follows from.</summary>
internal sealed class NsgaGenerations(int size, SearchSpace space, SearchGoals goals)
{
    private readonly List<NsgaPopulation> _populations = [];
    private readonly Dictionary<SearchPoint, int> _firsts = [];
    private readonly Observations _observations = new(space);
    private int _seen;

    /// <summary>The latest population that follows from a history; null before the first.</summary>
    public NsgaPopulation? At(TrialHistory history)
    {
        lock (_populations)
        {
            while ((_populations.Count + 1) * size <= history.Count)
                Add(history);
            int last = history.Count / size;
            return last == 0 ? null : _populations[last - 1];
        }
    }

    /// <summary>Whether a point was tried in a history.</summary>
    public bool Contains(TrialHistory history, SearchPoint point)
    {
        lock (_populations)
        {
            for (; _seen < history.Count; _seen++)
                _firsts.TryAdd(history[_seen].Trial.Point, _seen);
            return _firsts.TryGetValue(point, out int first) && first < history.Count;
        }
    }

    private void Add(TrialHistory history)
    {
        int first = _populations.Count * size;
        double[][] positions = _observations.Of(history);
        IEnumerable<int> before = _populations.Count == 0 ? [] : _populations[^1].Members;
        _populations.Add(NsgaPopulation.Select([.. before, .. Enumerable.Range(first, size)], size, history, positions, goals));
    }
}
