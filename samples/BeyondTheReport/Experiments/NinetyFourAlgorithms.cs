using DeepLearn.Layers;
using DeepLearn.Samples.BeyondTheReport.Results;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>
/// Whether the accuracy of a whole run depends on the algorithm of the convolutions: the recipe of <see cref="NinetyFour"/> by each.
/// </summary>
/// <remarks>
/// For each seed, initial weights, batches and augmentation are the same bits for all of them; what differs is how sums are rounded. The
/// runs by the fastest algorithm are those of <see cref="NinetyFour"/>, and are not repeated where they are there.
/// </remarks>
internal sealed class NinetyFourAlgorithms : Experiment
{
    public override string Name => "ninety-four-algorithms";

    public override string Title => "94 % by direct sums and by tiles";

    public override string Question =>
        "The recipe of the speed record with its 3x3 convolutions computed in tiles of 4x4 outputs, in tiles of 2x2 and as plain sums, "
        + "three seeds of each: does the test accuracy depend on it?";

    public override double Minutes => 100;

    public override int ValidationImages => 0;

    public override bool OnlyByName => true;

    public override ExperimentResult Run(Laboratory laboratory)
    {
        var runs = new List<NamedRun>();
        ConvolutionAlgorithm[] algorithms = [ConvolutionAlgorithm.Fastest, ConvolutionAlgorithm.Accurate, ConvolutionAlgorithm.Direct];
        foreach (ConvolutionAlgorithm algorithm in algorithms)
        {
            for (ulong seed = laboratory.Seed; seed < laboratory.Seed + NinetyFour.Seeds; seed++)
                runs.Add(NinetyFour.Train(laboratory, FormattableString.Invariant($"{algorithm}, seed {seed}"), seed, algorithm));
        }
        return new(Name, runs);
    }
}
