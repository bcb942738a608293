using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>Multi-class hinge losses against softmax and cross-entropy.</summary>
internal sealed class HingeAgainstCrossEntropy : Comparison
{
    public override string Name => "hinge";

    public override string Title => "Multi-class hinge against cross-entropy";

    public override string Question =>
        "The report's network with other losses: a hinge for every wrong class, whose gradients are up to nine times as "
        + "large and which gets a fifth of the rate, and one for the nearest wrong class alone.";

    public override double Minutes => 0.3;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        Sequential network = Baseline.Network();
        TrainingPlan plan = Baseline.Plan(laboratory);
        yield return new("cross-entropy", network, plan);
        yield return new("hinge, every class", network, plan with
        {
            Loss = new MulticlassHinge { Form = HingeForm.WestonWatkins },
            Schedule = Baseline.Triangles(laboratory, epochs: 4, maximum: 0.02),
        });
        yield return new("hinge, nearest class", network, plan with { Loss = new MulticlassHinge { Form = HingeForm.CrammerSinger } });
    }
}
