using DeepLearn.Losses;
using DeepLearn.Regularizers;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>Label smoothing: what it does to accuracy, and to how far the network's confidence can be trusted.</summary>
internal sealed class SmoothedLabels : Comparison
{
    public override string Name => "label-smoothing";

    public override string Title => "Label smoothing";

    public override string Question =>
        "400 hidden units and a tenth of the report's lambda; a part of each label's probability is spread over all classes. "
        + "The calibration error is the gap between how sure the network is and how often it is right.";

    public override double Minutes => 2;

    public override bool ShowsCalibration => true;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        TrainingPlan plan = Baseline.Plan(laboratory) with { Regularizer = new L2(Baseline.Lambda / 10) };
        int units = laboratory.Width(400);
        yield return new("none", Baseline.Network(units), plan);
        foreach (double part in (double[])[0.05, 0.1, 0.2])
            yield return new($"{part}", Baseline.Network(units), plan with { Loss = new SoftmaxCrossEntropy { LabelSmoothing = part } });
    }
}
