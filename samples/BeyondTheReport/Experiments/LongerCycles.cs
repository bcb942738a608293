using DeepLearn.Layers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>Cycles each of which lasts longer than the one before.</summary>
internal sealed class LongerCycles : Comparison
{
    public override string Name => "longer-cycles";

    public override string Title => "Longer cycles each time";

    public override string Question =>
        "Fourteen epochs: seven cycles of two, or three of two, four and eight; triangles, and half cosine waves that restart.";

    public override double Minutes => 1;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory)
    {
        Sequential network = Baseline.Network(laboratory.Width(100));
        TrainingPlan plan = Baseline.Plan(laboratory);
        long half = laboratory.Steps(1);
        const double minimum = Baseline.MinimumRate, maximum = Baseline.MaximumRate;
        yield return Train("triangles of two epochs", Baseline.Triangles(laboratory, epochs: 2), 7);
        yield return Train("triangles of 2, 4, 8", new GrowingTriangularSchedule(minimum, maximum, half), 3);
        yield return Train("half waves of two epochs", new CosineWarmRestartsSchedule(maximum, 2 * half, 1, minimum), 7);
        yield return Train("half waves of 2, 4, 8", new CosineWarmRestartsSchedule(maximum, 2 * half, 2, minimum), 3);

        // Points at every quarter of an epoch: each corner of every schedule is one of them.
        Variant Train(string name, CyclicalSchedule schedule, int cycles) =>
            new(name, network, plan with { Schedule = schedule, Length = TrainingLength.Cycles(cycles) }) { Points = 56 };
    }
}
