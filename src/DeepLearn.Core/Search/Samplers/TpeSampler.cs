using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// The tree-structured Parzen estimator: of some candidates from a density l(x) of the good trials, the one where l(x) is largest beside a
/// density g(x) of the others. For spaces of any kind, with conditions too, and for a few hundred trials.
/// </summary>
/// <remarks>
/// <para>
/// Bergstra, Bardenet, Bengio and Kegl, "Algorithms for Hyper-Parameter Optimization", 2011; multivariate kernels after Falkner, Klein and
/// Hutter, "BOHB", 2018; the choices of bandwidth, prior and split after Watanabe, "Tree-Structured Parzen Estimator: Understanding Its
/// Algorithm Components and Their Roles for Better Empirical Performance", 2023. Dimensions with the same condition make a group, which is
/// drawn together from the trials that have it: so all unconditional ones are drawn together.
/// </para>
/// <para>
/// Departures: everything is on the scale of positions, so in the logarithm for a log-uniform dimension; kernels of dimensions with steps
/// are densities at the value and not integrals over its cell; all trials weigh the same. Kernels are narrower than in these papers, by
/// factors that were measured with windows of 1 and 10 (<c>ratios search</c> of the benchmarks). Failed and pruned trials count as not
/// good, and so do those that break a bound, as long as there are enough that break none. In groups with choices or a condition, so do the
/// points of trials under way, which keeps trials that run side by side apart (the constant liar of Ginsbourger, Le Riche and Carraro,
/// 2010). Of several objectives the score alone counts.
/// </para>
/// </remarks>
/// <example><code>
/// SearchResult found = new SingleStageSearch(space, trials: 20) { Sampler = new TpeSampler(), Window = 4 }.Run(objective);
/// </code></example>
public sealed record TpeSampler : Sampler
{
    /// <summary>
    /// How many trials are drawn at random first, at least 1. With a wide window they are some more: a trial learns where it sees half as
    /// many. Default: 10.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int RandomTrials
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10;

    /// <summary>How many candidates are drawn for each trial and group, at least 1. Default: 24.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Candidates
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 24;

    /// <summary>The fraction of trials that count as good, in 0..1 without the ends; at most 25 of them. Default: 0.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double GoodFraction
    {
        get;
        init => field = value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A fraction of good trials is above 0 and below 1.");
    } = 0.1;

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"TPE, {RandomTrials} random trials, {Candidates} candidates, good fraction {GoodFraction:R}");

    /// <inheritdoc/>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!TpeDraw.CanLearn(this, request))
            return new RandomSampler().Sample(request);
        var draw = new TpeDraw(this, request);
        return request.Space.Point(dimension => dimension.At(draw.PositionOf(dimension)));
    }
}
