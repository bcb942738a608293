using DeepLearn.Layers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>Cycles whose highest rate falls from one to the next.</summary>
internal sealed class AnnealedMaximum : Comparison
{
    public override string Name => "annealed-maximum";

    public override string Title => "An annealed maximum rate";

    public override string Question =>
        "Five cycles of the report's schedule, whose height is multiplied by a factor from each to the next.";

    public override double Minutes => 0.5;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        Sequential network = Baseline.Network(laboratory.Width(100));
        TriangularSchedule triangles = Baseline.Triangles(laboratory, epochs: 4);
        TrainingPlan plan = Baseline.Plan(laboratory) with { Length = TrainingLength.Cycles(5) };
        yield return Train("the same each time", triangles);
        yield return Train("0.7 times each time", new AnnealedMaximumSchedule(triangles, 0.7));
        yield return Train("halved each time", new AnnealedMaximumSchedule(triangles, 0.5));

        Variant Train(string name, CyclicalSchedule schedule) => new(name, network, plan with { Schedule = schedule }) { Points = 40 };
    }
}
