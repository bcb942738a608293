using DeepLearn.Layers;
using DeepLearn.Optimizers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>Adam, at a fixed rate and in cycles, against plain gradient descent.</summary>
internal sealed class AdamAgainstSgd : Comparison
{
    public override string Name => "adam";

    public override string Title => "Adam";

    public override string Question =>
        "Plain gradient descent against Adam and AdamW, whose step in each parameter does not depend on the size of its "
        + "gradient; at a fixed rate, and in the report's cycles.";

    public override double Minutes => 0.3;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        Sequential network = Baseline.Network();
        TrainingPlan cycles = Baseline.Plan(laboratory);
        TrainingLength length = TrainingLength.Steps(cycles.Length.InSteps(cycles.Schedule, 1));
        yield return new("descent, fixed rate 0.01", network, cycles with { Schedule = new ConstantSchedule(0.01), Length = length });
        yield return new("descent, cycles up to 0.1", network, cycles);
        yield return new("Adam, fixed rate 0.001", network, cycles with
        {
            Optimizer = new Adam(),
            Schedule = new ConstantSchedule(0.001),
            Length = length,
        });
        yield return new("Adam, cycles up to 0.001", network, cycles with
        {
            Optimizer = new Adam(),
            Schedule = Baseline.Triangles(laboratory, epochs: 4, maximum: 0.001),
        });

        // Decay that is not divided by the size of the gradients: the penalty goes, and what it did for plain descent takes its place.
        yield return new("AdamW, cycles up to 0.001", network, cycles with
        {
            Optimizer = new AdamW { WeightDecay = 0.1 },
            Regularizer = DeepLearn.Regularizers.Regularizer.None,
            Schedule = Baseline.Triangles(laboratory, epochs: 4, maximum: 0.001),
        });
    }
}
