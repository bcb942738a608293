using System.Collections.Concurrent;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>The results of a stage by place, as they come in, and the histories that follow from them. Locked by its owner.</summary>
/// <param name="count">The number of trials.</param>
/// <param name="window">How far a trial looks back; 0 if it sees nothing.</param>
internal sealed class TrialLedger(int count, int window)
{
    private readonly ConcurrentDictionary<object, object> _caches = [];
    private TrialResult?[] _results = new TrialResult?[Math.Min(count, 1024)];

    /// <summary>How many results from the first on there are without a gap.</summary>
    public int Prefix { get; private set; }

    /// <summary>The result after those of <see cref="Prefix"/>; null if it is not there yet.</summary>
    public TrialResult? Next => Prefix < _results.Length ? _results[Prefix] : null;

    /// <summary>What the trial at a place may see; the trials that it sees have ended.</summary>
    public TrialHistory HistoryOf(int index) =>
        window == 0 ? TrialHistory.Empty : new TrialHistory(_results!, Math.Max(0, index - window + 1), _caches);

    /// <summary>Keeps a result, and counts on where it fills a gap.</summary>
    public void Set(int index, TrialResult? result)
    {
        Keep(index, result);
        while (Next is not null)
            Advance();
    }

    /// <summary>Keeps a result without counting on.</summary>
    public void Keep(int index, TrialResult? result)
    {
        if (index >= _results.Length)
            Array.Resize(ref _results, (int)Math.Min(Math.Max(2L * _results.Length, index + 1L), count));
        _results[index] = result;
    }

    /// <summary>Counts <see cref="Next"/> in.</summary>
    public void Advance() => Prefix++;

    /// <summary>The results among the first places, in order.</summary>
    public TrialResult[] Results(int end) => [.. _results.Take(end).OfType<TrialResult>()];
}
