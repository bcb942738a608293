using DeepLearn.Layers;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>How far a network gets that knows nothing of neighbouring pixels.</summary>
internal sealed class FullyConnected : Comparison
{
    public override string Name => "fully-connected";

    public override string Title => "A fully connected network that goes far";

    public override string Question =>
        "Three normalised hidden layers, dropout, augmented images, smoothed labels, momentum and one cycle of the rate: what helped above, together.";

    public override double Minutes => 8;

    public override double? Aim => 0.60;

    public override int ValidationImages => 1000;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        var network = new Sequential(
            Modern.DenseBlock(laboratory.Width(1024)),
            new Dropout(0.25),
            Modern.DenseBlock(laboratory.Width(512)),
            new Dropout(0.25),
            Modern.DenseBlock(laboratory.Width(256)),
            new Dense(10));
        yield return new("3072-1024-512-256-10", network, Modern.Plan(laboratory, epochs: 40, maximumRate: 0.1)) { Points = 40 };
    }
}
