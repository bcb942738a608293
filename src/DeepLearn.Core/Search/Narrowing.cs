using System.Globalization;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>How the ranges of a stage follow from the results of the stages before it: an immutable value.</summary>
/// <remarks>
/// Each range becomes what the best few completed trials span, widened on both sides by a margin and clipped to the search's first range.
/// All on the scale of the dimension's positions, so in the logarithm for a log-uniform one; the margin is a fraction of the width that the
/// range had in the stage before. A range can thus move beyond the one before it, when the best lie at its end, but not beyond the first. A
/// categorical dimension keeps the choices that the best have. A hyper-parameter on which conditions rest keeps its range. Where no trial
/// was completed, the ranges stay as they are.
/// </remarks>
public sealed record Narrowing
{
    /// <summary>How many of the best trials count, at least 1. Default: 3. Fewer are used if fewer were completed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Best
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 3;

    /// <summary>The margin on each side, as a fraction of the width of the range before, in 0..1. Default: 0.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 0..1 or not a number.</exception>
    public double Margin
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A margin is in 0..1.");
    } = 0.1;

    /// <summary>The ranges that a stage's results suggest.</summary>
    /// <param name="first">The search's first ranges, which the result stays within.</param>
    /// <param name="previous">The ranges of the stage before.</param>
    /// <param name="ranked">The results of that stage, and of earlier ones on the same budget, from best to worst.</param>
    /// <exception cref="ArgumentException">The spaces or the results are not of the same hyper-parameters.</exception>
    public SearchSpace Apply(SearchSpace first, SearchSpace previous, IReadOnlyList<TrialResult> ranked)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(ranked);
        foreach (TrialResult result in ranked)
            ArgumentNullException.ThrowIfNull(result, nameof(ranked));
        TrialResult[] best = [.. ranked.Where(result => result.State == TrialState.Completed).Take(Best)];
        if (best.Length == 0)
            return previous;
        return new SearchSpace([.. first.Dimensions.Select(dimension =>
        {
            Dimension before = previous[dimension.Name];
            double width = dimension.PositionOf(before.At(1)) - dimension.PositionOf(before.At(0));
            ParameterValue[] values = [.. best.Select(result => result.Trial.Point.Find(dimension.Name)).OfType<ParameterValue>()];

            // A conditional parameter that none of the best has keeps its range, and so does one on which a condition rests.
            bool isParent = first.Dimensions.Any(other => other.Condition?.Parent == dimension.Name);
            return values.Length == 0 || isParent ? before : dimension.Around(values, Margin * Math.Max(0, width));
        })]);
    }

    /// <summary>The rule in words, the same in every culture.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"around the best {Best} of the stages before on its budget, margin {Margin:R}");
}
