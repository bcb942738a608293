using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.CommandLine.Training;
using DeepLearn.Samples.TwoLayerCifar10.Results;
using DeepLearn.Training;

namespace DeepLearn.Samples.TwoLayerCifar10;

/// <summary>A network trained once, with its learning curves, and measured on whole sets afterwards.</summary>
internal sealed class TrainingRun
{
    // The curves have their points at tenths of a cycle, so that both ends of each learning-rate ramp are among them.
    private const int PointsPerCycle = 10;

    private readonly Experiment _experiment;
    private readonly TrainingPlan _plan;

    private TrainingRun(Experiment experiment, TrainingPlan plan, Model<float> model, TrainingResult result, double seconds)
    {
        _experiment = experiment;
        _plan = plan;
        Model = model;
        Steps = result.Steps;
        Seconds = seconds;
        Curve = [.. result.Curve.Select(ToPoint)];
    }

    public Model<float> Model { get; }

    public long Steps { get; }

    /// <summary>The time of the updates alone, without measuring.</summary>
    public double Seconds { get; }

    public IReadOnlyList<CurvePoint> Curve { get; }

    /// <summary>Trains with progress on the terminal.</summary>
    /// <param name="experiment">The threads, the terminal and the token.</param>
    /// <param name="title">What the progress is called.</param>
    /// <param name="plan">How to train.</param>
    /// <param name="stepSize">Half a cycle, in steps.</param>
    /// <param name="measuredExamples">How many training examples the curves are measured on; 0 for all.</param>
    /// <param name="training">The training set.</param>
    /// <param name="validation">The validation set.</param>
    public static TrainingRun Train(
        Experiment experiment, string title, TrainingPlan plan, long stepSize, int measuredExamples, Dataset training, Dataset validation)
    {
        plan = plan with
        {
            Evaluation = new EvaluationPlan
            {
                Every = Math.Max(1, 2 * stepSize / PointsPerCycle),
                AtStart = true,
                TrainingExamples = measuredExamples,
            },
        };
        Model<float> model = TwoLayerNetwork.Network.Build<float>(training.ExampleShape, plan.Seed);
        using var trainer = new Trainer<float>(model, plan, training, validation, experiment.Workers);
        var clock = new UpdateClock();
        trainer.Callbacks.Add(clock);
        TrainingResult result = experiment.Terminal.Train(trainer, title, cancellationToken: experiment.Stop);
        return new(experiment, plan, model, result, clock.UpdateSeconds);
    }

    /// <summary>The accuracy on all of a set.</summary>
    public double AccuracyOn(Dataset set)
    {
        var evaluator = new Evaluator<float>(
            Model, _plan.Loss, _plan.Regularizer, set.Description, _plan.Normalization, _experiment.Workers);
        return evaluator.Evaluate(set, _experiment.Stop).Accuracy!.Value;
    }

    private static CurvePoint ToPoint(TrainingPoint point) => new(
        point.Step,
        point.LearningRate,
        point.Training.Cost,
        point.Training.Loss,
        point.Training.Accuracy!.Value,
        point.Validation!.Cost,
        point.Validation.Loss,
        point.Validation.Accuracy!.Value);
}
