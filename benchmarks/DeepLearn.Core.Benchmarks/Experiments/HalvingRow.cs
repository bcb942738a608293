namespace DeepLearn.Benchmarks.Experiments;

/// <summary>Successive halving beside whole trainings: an element of the JSON that <c>ratios halving</c> writes.</summary>
/// <param name="Seed">The seed of both searches.</param>
/// <param name="Trials">The configurations of each.</param>
/// <param name="BestOfAll">The best accuracy where all are trained to the end.</param>
/// <param name="BestOfHalving">The best accuracy where the pruner stops trainings.</param>
/// <param name="StepsOfAll">The updates of all trainings to the end.</param>
/// <param name="StepsOfHalving">The updates with the pruner.</param>
internal sealed record HalvingRow(int Seed, int Trials, double BestOfAll, double BestOfHalving, long StepsOfAll, long StepsOfHalving)
{
    /// <summary>What the pruner loses, in points of accuracy.</summary>
    public double PointsBehind => 100 * (BestOfAll - BestOfHalving);

    /// <summary>The part of the updates that it takes.</summary>
    public double ShareOfSteps => (double)StepsOfHalving / StepsOfAll;
}
