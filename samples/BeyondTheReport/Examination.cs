using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>What a trained network makes of the test set.</summary>
/// <param name="Accuracy">The fraction of images that it puts into their class.</param>
/// <param name="Loss">The mean of its loss.</param>
/// <param name="CalibrationError">How far its confidence is from its accuracy, from 0 to 1.</param>
internal sealed record Examination(double Accuracy, double Loss, double CalibrationError)
{
    private const int ChunkSize = 250;

    public static Examination Of(Model<float> model, TrainingPlan plan, Dataset test, WorkerPool workers, CancellationToken stop)
    {
        var evaluator = new Evaluator<float>(model, plan.Loss, plan.Regularizer, test.Description, plan.Normalization, workers);
        Evaluation evaluation = evaluator.Evaluate(test, stop);
        return new(evaluation.Accuracy!.Value, evaluation.Loss, CalibrationErrorOf(model, plan.Normalization, test, workers, stop));
    }

    private static double CalibrationErrorOf(
        Model<float> model, Normalization? normalization, Dataset test, WorkerPool workers, CancellationToken stop)
    {
        FeatureTransform<float>? transform = normalization?.Build<float>();
        var batch = new Batch<float>(ChunkSize, test.Description);
        MetricAccumulator error = new ExpectedCalibrationError().CreateAccumulator(test.Classes);
        for (int first = 0; first < test.Count; first += ChunkSize)
        {
            stop.ThrowIfCancellationRequested();
            batch.FillRange(test, first, Math.Min(ChunkSize, test.Count - first), transform);
            Matrix<float> outputs = model.Predict(batch.FeatureView, workers);
            error.Add<float>(outputs, batch.LabelView);
        }
        return error.Value;
    }
}
