using DeepLearn.Layers;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>A convolution over patches that do not overlap, then dense layers.</summary>
internal sealed class PatchNetworks : Comparison
{
    public override string Name => "patches";

    public override string Title => "A network of patches";

    public override string Question =>
        "Every patch of 4x4 pixels goes through the same filters; dense layers see their answers. A small one trained as in "
        + "the report, and one that goes far.";

    public override double Minutes => 5;

    public override double? Aim => 0.65;

    public override int ValidationImages => 1000;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        var small = new Sequential(Patches(40), new Relu(), new Dense(50), new Relu(), new Dense(10));
        TrainingPlan plan = Baseline.Plan(laboratory) with { Normalization = laboratory.PerChannel };
        yield return new("40 filters, 50 units, the report's training", small, plan);

        (int filters, int units) = (laboratory.Width(96), laboratory.Width(512));
        var large = new Sequential(
            Patches(filters),
            new BatchNorm(),
            new Relu(),
            new Dropout(0.1),
            Modern.DenseBlock(units),
            new Dropout(0.3),
            new Dense(10));
        yield return new($"{filters} filters, {units} units", large, Modern.Plan(laboratory, epochs: 30, maximumRate: 0.1)) { Points = 30 };
    }

    private static Convolution2D Patches(int filters) => new(filters, 4) { Stride = 4 };
}
