using System.Collections;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search;

/// <summary>The points of trials under way, found out when they are asked for.</summary>
/// <param name="first">The number of the first trial.</param>
/// <param name="end">The number after the last.</param>
/// <param name="pointOf">The point of a trial, by number; asked for in ascending order.</param>
internal sealed class PendingPoints(int first, int end, Func<int, SearchPoint> pointOf) : IReadOnlyList<SearchPoint>
{
    private SearchPoint[]? _points;

    /// <inheritdoc/>
    public int Count => end - first;

    /// <inheritdoc/>
    public SearchPoint this[int index] => All[index];

    private SearchPoint[] All => _points ??= [.. Enumerable.Range(first, Count).Select(pointOf)];

    /// <inheritdoc/>
    public IEnumerator<SearchPoint> GetEnumerator() => All.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
