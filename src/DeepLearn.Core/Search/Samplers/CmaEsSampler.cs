using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// The covariance matrix adaptation evolution strategy: points from a normal distribution that after each generation moves, stretches and
/// turns toward the better ones. For some hundreds of trials over numbers that depend on each other.
/// </summary>
/// <remarks>
/// <para> Hansen, "The CMA Evolution Strategy: A Tutorial", 2016, with its weights for bad steps; after convergence, another distribution
/// with twice the population begins at a random place (Auger and Hansen, "A Restart CMA Evolution Strategy with Increasing Population
/// Size", 2005). Points outside the space are drawn anew, up to 100 times, and then clipped. </para>
/// <para> Departures: everything is on the scale of positions. A generation is the next <c>Population</c> trials by number; a trial is
/// drawn from the latest distribution that follows from the whole generations that it may see, so that with a window above 1 the first
/// trials of a generation are of the distribution before (as injected points: Hansen, "Injecting External Solutions Into CMA-ES", 2011).
/// Choices and dimensions with conditions are drawn as <see cref="TpeSampler"/> with its defaults draws them. Failed trials rank last,
/// and before them those that break a bound. Of several objectives the score alone counts. </para>
/// </remarks>
/// <example><code>
/// SearchResult found = new SingleStageSearch(space, trials: 20) { Sampler = new CmaEsSampler(), Window = 4 }.Run(objective);
/// </code></example>
public sealed record CmaEsSampler : Sampler
{
    /// <summary>The number of trials of a generation, at least 4. Default: 0, for <c>4 + floor(3 ln d)</c> of d dimensions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither 0 nor at least 4.</exception>
    public int Population
    {
        get;
        init => field = value is 0 or >= 4
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A generation has at least 4 trials; 0 is for the usual number.");
    }

    /// <summary>The first standard deviation, as a fraction of each range, above 0 and at most 1. Default: 1/6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double StandardDeviation
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The first standard deviation is above 0 and at most 1.");
    } = 1.0 / 6;

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"CMA-ES, generation {(Population == 0 ? "by dimensions" : Population)}, standard deviation {StandardDeviation:R}");

    /// <inheritdoc/>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        int[] columns = [.. Enumerable.Range(0, request.Space.Dimensions.Count).Where(i => IsNumber(request.Space.Dimensions[i]))];
        if (columns.Length == 0)
            return new RandomSampler().Sample(request);
        Generations generations = request.History.Cache(
            (this, request.Space, request.StageKey, request.Goals), () => new Generations(this, request, columns));
        RandomStream random = request.Key.Derive("CMA-ES").Open();
        double[] position = generations.At(request.History).Sample(ref random);
        RandomKey others = request.Key.Derive("value");
        var tpe = new TpeSampler();
        TpeDraw? draw = columns.Length < request.Space.Dimensions.Count && TpeDraw.CanLearn(tpe, request)
            ? new TpeDraw(tpe, request, dimension => !IsNumber(dimension))
            : null;
        return request.Space.Point(dimension =>
        {
            int column = columns.AsSpan().IndexOf(request.Space.Dimensions.AsSpan().IndexOf(dimension));
            return dimension.At(column >= 0
                ? position[column]
                : draw?.PositionOf(dimension) ?? others.Derive(dimension.Name).Open().NextUniform());
        });
    }

    private static bool IsNumber(Dimension dimension) =>
        dimension.Condition is null && dimension is not CategoricalDimension && dimension.ValueCount > 1;

    /// <summary>The states of a stage, each kept with the number of trials that it follows from.</summary>
    private sealed class Generations
    {
        private readonly List<(int Trials, CmaState State)> _states = [];
        private readonly CmaEsSampler _sampler;
        private readonly int[] _columns;
        private readonly Observations _observations;
        private readonly TrialRanking _ranking;
        private readonly RandomKey _key;

        public Generations(CmaEsSampler sampler, SampleRequest request, int[] columns)
        {
            _sampler = sampler;
            _columns = columns;
            _observations = new(request.Space);
            _ranking = new(request.Goals);
            _key = request.StageKey.Derive("CMA-ES restarts");
            int population = sampler.Population;
            if (population == 0)
                population = 4 + (int)Math.Floor(3 * VectorMath.Log((double)columns.Length));
            _states.Add((0, CmaState.Start(columns.Length, sampler.StandardDeviation, [.. columns.Select(_ => 0.5)], population)));
        }

        public CmaState At(TrialHistory history)
        {
            lock (_states)
            {
                while (_states[^1].Trials + _states[^1].State.Population <= history.Count)
                    Add(history);
                int last = _states.Count - 1;
                while (_states[last].Trials > history.Count)
                    last--;
                return _states[last].State;
            }
        }

        private void Add(TrialHistory history)
        {
            (int first, CmaState state) = _states[^1];
            double[][] positions = _observations.Of(history);
            int[] order = [.. Enumerable.Range(first, state.Population)];
            Array.Sort(order, (a, b) => _ranking.Compare(history[a], history[b]));
            CmaState next = state.Next([.. order.Select(i => _columns.Select(column => positions[i][column]).ToArray())]);
            if (next.IsSpent)
            {
                RandomStream random = _key.Derive(_states.Count).Open();
                var mean = new double[_columns.Length];
                for (int i = 0; i < mean.Length; i++)
                    mean[i] = random.NextUniform();
                next = CmaState.Start(mean.Length, _sampler.StandardDeviation, mean, 2 * state.Population);
            }
            _states.Add((first + state.Population, next));
        }
    }
}
