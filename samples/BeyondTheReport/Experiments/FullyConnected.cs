using DeepLearn.Layers;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>How far a network gets that knows nothing of neighboring pixels.</summary>
internal sealed class FullyConnected : Comparison
{
    public override string Name => "fully-connected";

    public override string Title => "A fully connected network that goes far";

    public override string Question =>
        "Three normalized hidden layers, dropout, augmented images, smoothed labels, momentum and one cycle of the rate: "
        + "what helped above, together.";

    public override double Minutes => 4;

    public override double? Aim => 0.60;

    public override int ValidationImages => 1000;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        (int first, int second, int third) = (laboratory.Width(1024), laboratory.Width(512), laboratory.Width(256));
        var network = new Sequential(
            Modern.DenseBlock(first),
            new Dropout(0.25),
            Modern.DenseBlock(second),
            new Dropout(0.25),
            Modern.DenseBlock(third),
            new Dense(10));
        TrainingPlan plan = Modern.Plan(laboratory, epochs: 40, maximumRate: 0.1);
        yield return new($"3072-{first}-{second}-{third}-10", network, plan) { Points = 40 };
    }
}
