using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.BeyondTheReport.Results;
using DeepLearn.Schedules;
using DeepLearn.Training;
using DeepLearn.Training.RangeTest;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>A sweep of the learning rate says which range is useful; training in it is compared with training in the report's.</summary>
internal sealed class RateRangeTest : Experiment
{
    public override string Name => "range-test";

    public override string Title => "The range test for the learning rate";

    public override string Question =>
        "The rate grows from 1e-6 to 10 in 400 steps while the loss is watched. Then the network is trained in the range "
        + "that this suggests, and in the report's.";

    public override double Minutes => 0.2;

    public override ExperimentResult Run(Laboratory laboratory)
    {
        Sequential network = Baseline.Network();
        TrainingPlan plan = Baseline.Plan(laboratory);
        Model<float> model = network.Build<float>(laboratory.Training.ExampleShape, laboratory.Seed);
        var options = new RangeTestOptions { Minimum = 1e-6, Maximum = 10, Steps = 400 };
        RangeTestResult sweep = laboratory.Terminal.Follow(board =>
        {
            using ProgressLine line = board.Add("sweep", "steps", options.Steps);
            var progress = new DirectProgress<RangeTestPoint>(_ => line.Report(line.Done + 1));
            return LearningRateRangeTest.Run(model, plan, laboratory.Training, options, laboratory.Workers, progress, laboratory.Stop);
        });

        var runs = new List<NamedRun> { laboratory.Train(new("the report's, 1e-5 to 0.1", network, plan)) };
        if (sweep is { SuggestedMinimum: { } minimum, SuggestedMaximum: { } maximum })
        {
            var schedule = new TriangularSchedule(minimum, maximum, Baseline.Triangles(laboratory, epochs: 4).StepSize);
            string name = Format.Text($"suggested, {minimum:g2} to {maximum:g2}");
            runs.Add(laboratory.Train(new(name, network, plan with { Schedule = schedule })));
        }
        SweepPoint[] points = [.. sweep.Points.Select(point => new SweepPoint(point.Rate, point.Loss, point.SmoothedLoss))];
        return new(Name, runs) { Sweep = new(sweep.SuggestedMinimum, sweep.SuggestedMaximum, sweep.Diverged, points) };
    }
}
