using System.Collections;
using System.Collections.Concurrent;
using DeepLearn.Foundation;

namespace DeepLearn.Search.Trials;

/// <summary>
/// The results of a stage that a trial may depend on, by number: an immutable list. A sampler or a pruner that learns is a function of it.
/// </summary>
/// <remarks>
/// Trial n of a search with <see cref="HyperparameterSearch.Window"/> L sees trials 0 to n - L, whenever they ended, and no others. The
/// histories of a stage are beginnings of one list, and share what <see cref="Cache"/> keeps.
/// </remarks>
public sealed class TrialHistory : IReadOnlyList<TrialResult>
{
    private readonly TrialResult[] _results;
    private readonly ConcurrentDictionary<object, object> _caches;

    /// <summary>Makes a history of given results, with a cache of its own.</summary>
    /// <param name="results">The results, by ascending number.</param>
    public TrialHistory(params IEnumerable<TrialResult> results)
        : this([.. results])
    {
    }

    private TrialHistory(TrialResult[] results)
        : this(results, results.Length, [])
    {
    }

    internal TrialHistory(TrialResult[] results, int count, ConcurrentDictionary<object, object> caches)
    {
        _results = results;
        Count = count;
        _caches = caches;
    }

    /// <summary>The history without results.</summary>
    public static TrialHistory Empty { get; } = new();

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public TrialResult this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _results[index];
        }
    }

    /// <summary>
    /// Something that a sampler or a pruner keeps from one call to the next, so that it need not compute it anew: what follows from the
    /// results at the beginning of the stage's list, and from nothing else, so that it changes no answer.
    /// </summary>
    /// <typeparam name="TCache">Its type.</typeparam>
    /// <param name="key">The owner: the sampler or the pruner, which are values.</param>
    /// <param name="create">Makes it where it is not there yet.</param>
    /// <returns>The one object of the stage and the key. Calls come from several threads: lock it.</returns>
    public TCache Cache<TCache>(object key, Func<TCache> create)
        where TCache : class
    {
        ArgumentNullException.ThrowIfNull(create);
        return (TCache)_caches.GetOrAdd((key, typeof(TCache)), _ => create());
    }

    /// <summary>This history after other results, such as another search's; a cache of its own goes with it through the stage.</summary>
    /// <param name="earlier">The other results.</param>
    public TrialHistory After(ValueList<TrialResult> earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return Cache(earlier, () => new Continued(earlier)).UpTo(this);
    }

    /// <summary>The first results of this history; the caches are the same.</summary>
    /// <param name="count">How many, at most all.</param>
    internal TrialHistory UpTo(int count) => new(_results, Math.Min(count, Count), _caches);

    /// <inheritdoc/>
    public IEnumerator<TrialResult> GetEnumerator() => _results.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A list that begins with given results and grows with the stage's.</summary>
    private sealed class Continued(ValueList<TrialResult> earlier)
    {
        private readonly ConcurrentDictionary<object, object> _caches = [];
        private TrialResult[] _results = [.. earlier];
        private int _count = earlier.Count;

        public TrialHistory UpTo(TrialHistory history)
        {
            lock (_caches)
            {
                int count = earlier.Count + history.Count;
                if (count > _results.Length)
                    Array.Resize(ref _results, Math.Max(count, 2 * _results.Length));
                for (; _count < count; _count++)
                    _results[_count] = history[_count - earlier.Count];
                return new(_results, count, _caches);
            }
        }
    }
}
