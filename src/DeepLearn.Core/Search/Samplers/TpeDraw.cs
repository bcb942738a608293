using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// The positions of one trial by the tree-structured Parzen estimator. Dimensions with the same condition are drawn together, when the
/// first of them is asked for.
/// </summary>
internal sealed class TpeDraw
{
    private const int MostGood = 25;

    private readonly TpeSampler _sampler;
    private readonly SearchSpace _space;
    private readonly Func<Dimension, bool> _belongs;
    private readonly Dictionary<string, double> _chosen = [];
    private readonly double[][] _good;
    private readonly double[][] _others;
    private readonly Lazy<double[][]> _pending;
    private RandomStream _random;

    /// <summary>Parts the trials into good ones and others.</summary>
    /// <param name="sampler">The settings.</param>
    /// <param name="request">The trial.</param>
    /// <param name="belongs">The dimensions that are drawn. Default: null, for all.</param>
    public TpeDraw(TpeSampler sampler, SampleRequest request, Func<Dimension, bool>? belongs = null)
    {
        (_sampler, _space, _belongs) = (sampler, request.Space, belongs ?? (_ => true));
        TrialHistory history = request.History;
        Observations observations = history.Cache(request.Space, () => new Observations(request.Space));
        double[][] positions = observations.Of(history);
        int[] order = history.Cache(request.Goals, () => new RankedTrials(request.Goals)).Of(history);
        int completed = history.Count(result => result.State == TrialState.Completed);
        int count = Math.Min(completed, (int)Math.Min(MostGood, Math.Ceiling(sampler.GoodFraction * history.Count)));
        _good = [.. order.Take(count).Select(i => positions[i])];
        _others = [.. order.Skip(count).Select(i => positions[i])];

        // Finding the points of trials under way takes as many draws; not every space needs them.
        _pending = new(() => [.. request.Pending.Select(observations.PositionsOf)]);
        _random = request.Key.Derive("candidates").Open();
    }

    /// <summary>
    /// Whether there are trials enough to learn from: drawn, and half as many seen. Waiting until all of them are seen would draw as many
    /// more at random as are under way.
    /// </summary>
    public static bool CanLearn(TpeSampler sampler, SampleRequest request) =>
        request.History.Count + request.Pending.Count >= sampler.RandomTrials && 2 * request.History.Count >= sampler.RandomTrials;

    /// <summary>The position of a dimension.</summary>
    public double PositionOf(Dimension dimension)
    {
        if (!_chosen.ContainsKey(dimension.Name))
            DrawGroup(dimension.Condition);
        return _chosen[dimension.Name];
    }

    private void DrawGroup(Condition? condition)
    {
        int[] columns =
        [
            .. Enumerable.Range(0, _space.Dimensions.Count)
                .Where(i => _space.Dimensions[i].Condition == condition && _belongs(_space.Dimensions[i])),
        ];
        Dimension[] dimensions = [.. columns.Select(column => _space.Dimensions[column])];
        var goodDensity = new ParzenEstimator(dimensions, columns, HavingThem(_good));

        // Trials side by side would make the same choice. Numbers are drawn apart anyway, and pushing them further leaves the good region.
        bool hasChoices = condition is not null || dimensions.Any(dimension => dimension is CategoricalDimension);
        var otherDensity = new ParzenEstimator(dimensions, columns, HavingThem(hasChoices ? [.. _others, .. _pending.Value] : _others));
        double[] best = [];
        double bestGain = double.NegativeInfinity;
        for (int i = 0; i < _sampler.Candidates; i++)
        {
            double[] candidate = goodDensity.Sample(ref _random);
            double gain = goodDensity.LogDensity(candidate) - otherDensity.LogDensity(candidate);
            if (gain > bestGain || best.Length == 0)
                (best, bestGain) = (candidate, gain);
        }
        for (int j = 0; j < columns.Length; j++)
            _chosen[dimensions[j].Name] = best[j];

        double[][] HavingThem(double[][] observations) => [.. observations.Where(positions => !double.IsNaN(positions[columns[0]]))];
    }
}
