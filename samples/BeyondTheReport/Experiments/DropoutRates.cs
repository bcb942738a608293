using DeepLearn.Layers;
using DeepLearn.Regularizers;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>Dropout of hidden units and of inputs, in a network that is large enough to overfit.</summary>
internal sealed class DropoutRates : Comparison
{
    public override string Name => "dropout";

    public override string Title => "Dropout";

    public override string Question =>
        "400 hidden units, a tenth of the report's lambda so that there is something to prevent, and a part of the hidden "
        + "units (and of the inputs) dropped in each step.";

    public override double Minutes => 2;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        TrainingPlan plan = Baseline.Plan(laboratory) with { Regularizer = new L2(Baseline.Lambda / 10) };
        int units = laboratory.Width(400);
        yield return new("none", Baseline.Network(units), plan);
        yield return new("0.25 of the hidden units", Hidden(units, 0.25), plan);
        yield return new("0.5 of the hidden units", Hidden(units, 0.5), plan);
        yield return new("0.5, and 0.1 of the inputs", new Sequential(new Dropout(0.1), Hidden(units, 0.5)), plan);
    }

    private static Sequential Hidden(int units, double rate) => new(new Dense(units), new Relu(), new Dropout(rate), new Dense(10));
}
