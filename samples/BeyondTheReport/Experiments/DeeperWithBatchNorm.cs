using DeepLearn.Layers;
using DeepLearn.Regularizers;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>Several hidden layers, with and without batch normalization.</summary>
internal sealed class DeeperWithBatchNorm : Comparison
{
    public override string Name => "batch-norm";

    public override string Title => "k layers, with and without batch normalization";

    public override string Question =>
        "Two hidden layers of 50 units, and eight of 50, 30, 20, 20, 10, 10, 10 and 10 before the ten outputs; two cycles of "
        + "ten epochs, lambda 0.005.";

    public override double Minutes => 0.8;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        TrainingPlan plan = Baseline.Plan(laboratory) with
        {
            Schedule = Baseline.Triangles(laboratory, epochs: 10),
            Length = TrainingLength.Cycles(2),
            Regularizer = new L2(0.005),
        };
        yield return new("three layers", Plain(50, 50), plan);
        yield return new("three layers, normalized", Normalized(50, 50), plan);
        yield return new("nine layers", Plain(50, 30, 20, 20, 10, 10, 10, 10), plan);
        yield return new("nine layers, normalized", Normalized(50, 30, 20, 20, 10, 10, 10, 10), plan);
    }

    private static Sequential Plain(params int[] hidden) =>
        new([.. hidden.SelectMany(units => new Layer[] { new Dense(units), new Relu() }), new Dense(10)]);

    private static Sequential Normalized(params int[] hidden) => new([.. hidden.Select(Modern.DenseBlock), new Dense(10)]);
}
