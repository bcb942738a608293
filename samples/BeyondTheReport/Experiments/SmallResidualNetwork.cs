using DeepLearn.Layers;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>A small convolutional network with batch normalization and residuals.</summary>
/// <remarks>
/// The shape is that of Page, "How to Train Your ResNet", 2018, a quarter as wide. Pooling comes before normalization and ReLU:
/// of what is larger, the larger is rectified either way, and the normalization has a quarter of the work.
/// </remarks>
internal sealed class SmallResidualNetwork : Comparison
{
    public override string Name => "convolutional";

    public override string Title => "A small residual network";

    public override string Question =>
        "Eight convolutions of 3x3, each normalized and rectified, two residual branches, 16 to 128 channels; augmented "
        + "images, smoothed labels, momentum and one cycle of the rate.";

    public override double Minutes => 4;

    public override double? Aim => 0.85;

    public override int ValidationImages => 1000;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        int channels = laboratory.Width(16);
        TrainingPlan plan = Modern.Plan(laboratory, epochs: 20, maximumRate: 0.1);
        yield return new($"{channels} to {8 * channels} channels", Network(channels), plan) { Points = 20, MeasuredImages = 1000 };
    }

    /// <summary>The network.</summary>
    /// <param name="channels">The channels of its first convolution; the last have eight times as many.</param>
    /// <param name="algorithm">How its convolutions are computed.</param>
    public static Sequential Network(int channels, ConvolutionAlgorithm algorithm = ConvolutionAlgorithm.Fastest)
    {
        return new(
            Block(channels),
            PooledBlock(2 * channels),
            ResidualBlock(2 * channels),
            PooledBlock(4 * channels),
            PooledBlock(8 * channels),
            ResidualBlock(8 * channels),
            new GlobalAveragePool(),
            new Dense(10));

        Sequential Block(int filters) => new(Convolution(filters), new BatchNorm(), new Relu());

        Sequential PooledBlock(int filters) => new(Convolution(filters), new MaxPool(2), new BatchNorm(), new Relu());

        Residual ResidualBlock(int filters) => new(new Sequential(Block(filters), Block(filters)));

        Convolution2D Convolution(int filters) =>
            new(filters, 3) { Padding = Padding2D.Same, HasBiases = false, Algorithm = algorithm };
    }
}
