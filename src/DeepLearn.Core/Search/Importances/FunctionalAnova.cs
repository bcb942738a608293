using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Importances;

/// <summary>
/// Which hyper-parameters matter: functional analysis of variance on a random forest that is fitted to the results of a search. An
/// immutable value.
/// </summary>
/// <remarks>
/// Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", 2014. Each tree is constant in boxes, so
/// that its means over all other hyper-parameters, and their variances, are sums over its leaves, without sampling. Importances are the
/// means over the trees. Departures: everything is on the scale of positions, so evenly in the logarithm for a log-uniform dimension;
/// choices are split in their order; a hyper-parameter with a condition is split only where all trials of a box have it. Trials that were
/// not completed do not enter.
/// </remarks>
/// <example><code>
/// SearchResult found = search.Run(objective);
/// foreach (ParameterImportance importance in new FunctionalAnova().Of(search.Space, found.Ranked))
///     Console.WriteLine(importance);
/// </code></example>
public sealed record FunctionalAnova
{
    private const int MostPerTree = 2000;

    /// <summary>The number of trees, at least 1. Default: 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Trees
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 64;

    /// <summary>How many trials a leaf has at least, at least 1. Default: 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int LeafTrials
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <summary>Whether pairs of hyper-parameters are looked at too. Default: false.</summary>
    public bool Pairs { get; init; }

    /// <summary>The metric whose variance is explained. Default: null, for the score.</summary>
    public string? Metric { get; init; }

    /// <summary>The seed of the trees' random numbers. Default: 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The importances.</summary>
    /// <param name="space">The space of the search.</param>
    /// <param name="results">The results of trials of the space, in any order: at least two completed ones, and best some dozens.</param>
    /// <returns>
    /// The hyper-parameters, and their pairs where these are asked for, from the most important on. The fractions come to at most 1; what
    /// is missing is due to more of them together. All are 0 where all scores are the same.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// Fewer than two trials were completed, one has a point outside the space, or has not the metric, or one that is not finite.
    /// </exception>
    public ValueList<ParameterImportance> Of(SearchSpace space, IEnumerable<TrialResult> results)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(results);
        results = [.. results];
        foreach (TrialResult result in results)
            ArgumentNullException.ThrowIfNull(result, nameof(results));
        (double[][] points, double[] values) = Read(space, results);
        int count = space.Dimensions.Count;
        var singles = new double[count];
        var pairs = new double[count, count];
        int counted = 0;
        for (int tree = 0; tree < Trees; tree++)
        {
            RandomStream random = RandomKey.FromSeed(Seed).Derive("functional ANOVA").Derive(tree).Open();
            int[] rows = [.. Enumerable.Range(0, Math.Min(values.Length, MostPerTree)).Select(_ => random.NextIndex(values.Length))];
            var decomposition = new VarianceDecomposition(RegressionTree.Grow(space, points, values, rows, LeafTrials, ref random), count);
            if (!(decomposition.Total > 0))
                continue;
            counted++;
            for (int i = 0; i < count; i++)
            {
                singles[i] += decomposition.Of(i) / decomposition.Total;
                for (int j = 0; Pairs && j < i; j++)
                    pairs[j, i] += decomposition.Of(j, i) / decomposition.Total;
            }
        }
        var importances = new List<ParameterImportance>();
        for (int i = 0; i < count; i++)
        {
            importances.Add(new([space.Dimensions[i].Name], singles[i] / Math.Max(1, counted)));
            for (int j = 0; Pairs && j < i; j++)
                importances.Add(new([space.Dimensions[j].Name, space.Dimensions[i].Name], pairs[j, i] / Math.Max(1, counted)));
        }
        return [.. importances.OrderByDescending(importance => importance.Fraction)];
    }

    private (double[][] Points, double[] Values) Read(SearchSpace space, IEnumerable<TrialResult> results)
    {
        // By stage and number, so that the order in which they are given changes nothing.
        TrialResult[] completed =
        [
            .. results.Where(result => result.State == TrialState.Completed)
                .OrderBy(result => result.Trial.Stage).ThenBy(result => result.Trial.Number),
        ];
        if (completed.Length < 2)
            throw new ArgumentException($"Expected at least two completed trials; found {completed.Length}.", nameof(results));
        var values = new double[completed.Length];
        var points = new double[completed.Length][];
        for (int i = 0; i < completed.Length; i++)
        {
            if (!space.Contains(completed[i].Trial.Point))
                throw new ArgumentException($"Expected trials of the space {space}; found {completed[i].Trial}.", nameof(results));
            values[i] = Metric is null ? completed[i].Score : completed[i].Metric(Metric) ?? double.NaN;
            if (!double.IsFinite(values[i]))
            {
                string what = Metric is null ? "score" : $"metric \"{Metric}\"";
                throw new ArgumentException(
                    $"Expected a finite {what} of each completed trial; found {values[i]} of {completed[i].Trial}.", nameof(results));
            }
            points[i] = [.. space.Dimensions.Select(
                dimension => completed[i].Trial.Point.Find(dimension.Name) is { } value ? dimension.PositionOf(value) : double.NaN)];
        }
        return (points, values);
    }
}
