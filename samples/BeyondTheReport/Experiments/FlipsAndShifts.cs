using DeepLearn.Data.Augmentation;
using DeepLearn.Regularizers;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>Training images that are mirrored and moved at random.</summary>
internal sealed class FlipsAndShifts : Comparison
{
    public override string Name => "augmentation";

    public override string Title => "Flips and shifts";

    public override string Question =>
        "400 hidden units and a tenth of the report's lambda; training images are mirrored left to right half of the time, "
        + "moved by up to three pixels, or both.";

    public override double Minutes => 3;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        TrainingPlan plan = Baseline.Plan(laboratory) with { Regularizer = new L2(Baseline.Lambda / 10) };
        int units = laboratory.Width(400);
        var flips = new HorizontalFlip();
        var shifts = new RandomShift(3, ShiftPadding.Reflection);
        yield return new("none", Baseline.Network(units), plan);
        yield return new("flips", Baseline.Network(units), plan with { Augmentation = flips });
        yield return new("shifts", Baseline.Network(units), plan with { Augmentation = shifts });
        yield return new("flips and shifts", Baseline.Network(units), plan with { Augmentation = flips.Then(shifts) });
    }
}
