using DeepLearn.Layers;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>
/// Whether accuracy depends on the algorithm of the convolutions: the network of <see cref="SmallResidualNetwork"/> by each.
/// </summary>
/// <remarks>
/// Initial weights, batches and augmentation are the same bits for all of them; what differs is how sums are rounded. The plan is short,
/// since the question is a difference, which is to be seen over several seeds.
/// </remarks>
internal sealed class ConvolutionAlgorithms : Comparison
{
    public override string Name => "algorithms";

    public override string Title => "Direct sums and tiles";

    public override string Question =>
        "The small residual network, trained for two epochs with its convolutions computed as plain sums, in tiles of 2x2 and in tiles of "
        + "4x4 outputs: does the test accuracy depend on it?";

    public override double Minutes => 4;

    public override int ValidationImages => 1000;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        int channels = laboratory.Width(16);
        TrainingPlan plan = Modern.Plan(laboratory, epochs: 2, maximumRate: 0.1);
        ConvolutionAlgorithm[] algorithms = [ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Accurate, ConvolutionAlgorithm.Fastest];
        foreach (ConvolutionAlgorithm algorithm in algorithms)
        {
            yield return new($"{algorithm}", SmallResidualNetwork.Network(channels, algorithm), plan) { Points = 3, MeasuredImages = 1000 };
        }
    }
}
