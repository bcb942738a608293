using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Samples.BeyondTheReport.Results;
using DeepLearn.Schedules;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>The networks at the ends of the cycles, together: their mean, and the majority of their votes.</summary>
internal sealed class CycleEnds : Experiment
{
    private const int Cycles = 6;

    public override string Name => "ensemble";

    public override string Title => "An ensemble of the cycles' ends";

    public override string Question =>
        "100 hidden units and a tenth of the report's lambda, so that the networks differ, trained for six cycles. At the end of each the "
        + "rate is at its lowest and the network at its best: the networks so far are taken together.";

    public override double Minutes => 0.4;

    public override ExperimentResult Run(Laboratory laboratory)
    {
        Sequential network = Baseline.Network(laboratory.Width(100));
        TriangularSchedule schedule = Baseline.Triangles(laboratory, epochs: 4);
        TrainingPlan plan = laboratory.Measured(new(
            Name,
            network,
            Baseline.Plan(laboratory) with
            {
                Schedule = schedule,
                Length = TrainingLength.Cycles(Cycles),
                Regularizer = new L2(Baseline.Lambda / 10),
            })
        { Points = 2 * Cycles * 2 });
        Model<float> model = network.Build<float>(laboratory.Training.ExampleShape, laboratory.Seed);
        string recipe = Recipe.Of(model, plan, laboratory.Training.Count);
        if (laboratory.Store.FindExperiment(Name) is { } earlier && earlier.Runs.All(run => run.Outcome.Recipe == recipe))
        {
            laboratory.Terminal.Line("As found before.");
            return earlier;
        }

        var recorder = new SnapshotRecorder<float>(schedule);
        RunOutcome outcome = laboratory.Train($"{Cycles} cycles", model, plan, recipe, recorder);
        var ensembles = new List<EnsembleOutcome>();
        for (int count = 1; count <= recorder.Snapshots.Count; count++)
        {
            ModelSnapshot<float>[] members = [.. recorder.Snapshots.Take(count)];
            ensembles.Add(new(
                count,
                AccuracyOf(EnsembleCombination.Average, members[^1]),
                AccuracyOf(EnsembleCombination.Average, members),
                AccuracyOf(EnsembleCombination.MajorityVote, members)));
        }
        return new(Name, [new($"{Cycles} cycles", outcome)]) { Ensembles = ensembles };

        double AccuracyOf(EnsembleCombination combination, params ModelSnapshot<float>[] members)
        {
            Model<float> ensemble = network.BuildEnsemble(laboratory.Training.ExampleShape, combination, members);
            Dataset test = laboratory.Test;
            return new Evaluator<float>(ensemble, plan.Loss, plan.Regularizer, test.Description, plan.Normalization, laboratory.Workers)
                .Evaluate(test, laboratory.Stop).Accuracy!.Value;
        }
    }
}
