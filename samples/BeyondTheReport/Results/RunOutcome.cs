using DeepLearn.Models;
using DeepLearn.Reporting;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport.Results;

/// <summary>A network trained once. Accuracies are fractions, and null where training diverged.</summary>
/// <param name="Recipe">What it is a function of.</param>
/// <param name="Parameters">How many numbers were trained.</param>
/// <param name="Steps">How many updates were made.</param>
/// <param name="Epochs">How many passes through the training set that is.</param>
/// <param name="DivergedAt">The step at which the loss was no longer finite; null where it always was.</param>
/// <param name="TrainingAccuracy">The accuracy on the part of the training set that the curve is measured on.</param>
/// <param name="ValidationAccuracy">The accuracy on the validation set.</param>
/// <param name="TestAccuracy">The accuracy on the test set.</param>
/// <param name="TestLoss">The mean loss on the test set, in the unit of the loss that was trained with.</param>
/// <param name="CalibrationError">The expected calibration error on the test set.</param>
/// <param name="Seconds">The time of the updates alone.</param>
/// <param name="WeightsSha256">Equal for equal bits of the trained network.</param>
/// <param name="Curve">The learning curves.</param>
internal sealed record RunOutcome(
    string Recipe,
    long Parameters,
    long Steps,
    double Epochs,
    long? DivergedAt,
    double? TrainingAccuracy,
    double? ValidationAccuracy,
    double? TestAccuracy,
    double? TestLoss,
    double? CalibrationError,
    double Seconds,
    string WeightsSha256,
    IReadOnlyList<CurvePoint> Curve)
{
    // Enough for a figure of 480 pixels.
    private const int RatePoints = 128;

    /// <summary>The learning rate of the schedule, for the figure; null in results of earlier versions.</summary>
    public IReadOnlyList<RatePoint>? Rates { get; init; }

    /// <summary>What came of a trainer's work.</summary>
    public static RunOutcome Of(Trainer<float> trainer, string recipe, double seconds, long? divergedAt, Examination? test)
    {
        TrainingPoint? last = divergedAt is null ? trainer.Curve[^1] : null;
        double stepsPerEpoch = trainer.Curve is [.., { Step: > 0 } point] ? point.Step / point.Epochs : double.NaN;
        return new(
            recipe,
            trainer.Model.ParameterCount,
            trainer.StepsDone,
            double.IsNaN(stepsPerEpoch) ? 0 : trainer.StepsDone / stepsPerEpoch,
            divergedAt,
            last?.Training.Accuracy,
            last?.Validation?.Accuracy,
            test?.Accuracy,
            test?.Loss,
            test?.CalibrationError,
            seconds,
            trainer.Model.Sha256(),
            [.. trainer.Curve.Select(Point)])
        {
            Rates = double.IsNaN(stepsPerEpoch)
                ? null
                : [.. ScheduleCurve.Of(trainer.Plan.Schedule, Math.Max(1, trainer.StepsDone), RatePoints)
                    .Select(point => new RatePoint(point.Step / stepsPerEpoch, point.Rate))],
        };
    }

    private static CurvePoint Point(TrainingPoint point) => new(
        point.Step,
        point.Epochs,
        point.LearningRate,
        point.Training.Loss,
        point.Training.Accuracy!.Value,
        point.Validation!.Loss,
        point.Validation.Accuracy!.Value);
}

/// <summary>A point of the learning curves, after <c>Step</c> updates.</summary>
internal sealed record CurvePoint(
    long Step,
    double Epochs,
    double LearningRate,
    double TrainingLoss,
    double TrainingAccuracy,
    double ValidationLoss,
    double ValidationAccuracy);

/// <summary>The learning rate of the schedule after so many epochs.</summary>
internal sealed record RatePoint(double Epochs, double Rate);
