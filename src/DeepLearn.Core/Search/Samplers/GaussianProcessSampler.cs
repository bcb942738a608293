using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// Bayesian optimization: a Gaussian process predicts the score of every point with its uncertainty, and each trial is at the point with
/// the largest expected improvement over the best so far. For costly objectives, up to some hundreds of trials and about ten numbers.
/// </summary>
/// <remarks>
/// <para>
/// Jones, Schonlau and Welch, "Efficient Global Optimization of Expensive Black-Box Functions", 1998; Rasmussen and Williams, "Gaussian
/// Processes for Machine Learning", 2006, for the process. Its kernel is Matern's of smoothness 5/2 with a length for each dimension;
/// lengths and noise are the most probable ones under weak priors, found anew whenever the trials have grown by an eighth.
/// </para>
/// <para>
/// Departures: everything is on the scale of positions; choices are the same or not; a dimension whose condition is not met stands at its
/// middle. Of many trials the best quarter and the latest of the others enter. Failed and pruned trials, and those that break a bound,
/// count as the worst score; scores far above the others (Tukey, 1977) are cut off. Where earlier trials are under way, as in a window
/// above 1, the best score that is to be improved on is varied at random, so that they do not all choose the same point. Of several
/// objectives the score alone counts.
/// </para>
/// </remarks>
/// <example><code>
/// SearchResult found = new SingleStageSearch(space, trials: 20) { Sampler = new GaussianProcessSampler(), Window = 1 }.Run(objective);
/// </code></example>
public sealed record GaussianProcessSampler : Sampler
{
    private const int Refined = 3, Halvings = 7;

    /// <summary>How many trials are drawn first, from a Sobol sequence, at least 2. Default: 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public int FirstTrials
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            field = value;
        }
    } = 10;

    /// <summary>
    /// The number of points at which the expected improvement is computed before the best of them are refined, at least 1. Default: 300.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Candidates
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 300;

    /// <summary>
    /// The largest number of trials in the process, at least 4: its cost grows with the third power of that. Default: 150.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 4.</exception>
    public int MostTrials
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 4);
            field = value;
        }
    } = 150;

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"Gaussian process, {FirstTrials} first trials, {Candidates} candidates, at most {MostTrials} trials");

    /// <inheritdoc/>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.History.Count < FirstTrials)
            return new SobolSampler().Sample(request);
        GaussianProcessData data = request.History.Cache(
            (this, request.Space, request.Goals), () => new GaussianProcessData(request.Space, request.Goals, FirstTrials, MostTrials));
        (GaussianProcess process, double[][] points, double[] values) = data.At(request.History);
        RandomStream random = request.Key.Derive("Gaussian process").Open();
        double[] order = [.. values.Order()];
        double goal = order[0];

        // As if the best were a little better or worse, where others choose a point from the same trials.
        if (request.Number > request.History.Count)
            goal += (random.NextUniform() - 0.5) * (order[order.Length / 2] - order[0]);
        Candidate[] best = Draw(request.Space, process, goal, points, values, ref random);
        for (int i = 0; i < best.Length; i++)
            best[i] = Refine(request.Space, process, goal, best[i]);
        return best.MaxBy(candidate => candidate.Gain)!.Point;
    }

    // Candidates everywhere, and candidates near the best trials.
    private Candidate[] Draw(
        SearchSpace space, GaussianProcess process, double goal, double[][] points, double[] values, ref RandomStream random)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ThenBy(i => i)];
        var candidates = new Candidate[Candidates];
        for (int i = 0; i < candidates.Length; i++)
        {
            var position = new double[space.Dimensions.Count];
            double[]? near = i % 3 == 0 ? points[order[i / 3 % Math.Min(5, order.Length)]] : null;
            double deviation = 0.1 / (1 + (i % 4 * 4));
            for (int j = 0; j < position.Length; j++)
            {
                position[j] = near is null || (space.Dimensions[j] is CategoricalDimension && random.NextUniform() < 0.1)
                    ? random.NextUniform()
                    : space.Dimensions[j] is CategoricalDimension
                        ? near[j]
                        : Gaussian.NextInUnit(near[j], deviation, ref random);
            }
            candidates[i] = Ask(space, process, goal, position);
        }
        return [.. candidates.OrderByDescending(candidate => candidate.Gain).Take(Refined)];
    }

    // Step by step in each dimension, and with half the step where none helps.
    private static Candidate Refine(SearchSpace space, GaussianProcess process, double goal, Candidate candidate)
    {
        double step = 0.1;
        for (int halving = 0; halving < Halvings; halving++, step /= 2.5)
        {
            for (int j = 0; j < space.Dimensions.Count; j++)
            {
                if (space.Dimensions[j] is CategoricalDimension)
                    continue;
                foreach (double sign in new[] { -1.0, 1.0 })
                {
                    double[] moved = [.. candidate.Position];
                    moved[j] = Math.Clamp(moved[j] + (sign * step), 0, 1);
                    Candidate other = Ask(space, process, goal, moved);
                    if (other.Gain > candidate.Gain)
                        candidate = other;
                }
            }
        }
        return candidate;
    }

    private static Candidate Ask(SearchSpace space, GaussianProcess process, double goal, double[] position)
    {
        SearchPoint point = space.Point(dimension => dimension.At(position[space.Dimensions.AsSpan().IndexOf(dimension)]));
        (double mean, double deviation) = process.At(GaussianProcessData.PositionsOf(space, point));
        return new(point, position, LogImprovement((goal - mean) / deviation) + VectorMath.Log(deviation));
    }

    // The logarithm of z Phi(z) + phi(z), which far below zero is lost in rounding.
    private static double LogImprovement(double z)
    {
        double logDensity = (-0.5 * z * z) - (0.5 * VectorMath.Log(2 * Math.PI));
        return z > -4
            ? VectorMath.Log((z * Gaussian.Cumulative(z)) + VectorMath.Exp(logDensity))
            : logDensity - (2 * VectorMath.Log(-z)) + VectorMath.Log(1 - (3 / (z * z)) + (15 / (z * z * z * z)));
    }

    private sealed record Candidate(SearchPoint Point, double[] Position, double Gain);
}
