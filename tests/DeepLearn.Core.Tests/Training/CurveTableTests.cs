using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training;

public sealed class CurveTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The validation set has one class, so that a ROC AUC has no value there and is absent.</summary>
    [Fact]
    public void Learning_curves_of_a_checkpoint_have_their_metrics_in_the_order_in_which_they_were_asked_for()
    {
        var data = new float[20, 2];
        for (int i = 0; i < 20; i++)
            (data[i, 0], data[i, 1]) = (i % 2, i % 3);
        DenseDataset<float> all = DenseDataset<float>.FromArray(data, [.. Enumerable.Range(0, 20).Select(i => i < 14 ? i % 2 : 0)], 2);
        var plan = new TrainingPlan
        {
            Schedule = 0.01,
            BatchSize = 7,
            Length = TrainingLength.Epochs(2),
            Evaluation = new() { EveryEpochs = 1, Metrics = [new Accuracy(), new RocAuc(), new LogLoss()] },
        };
        ValueList<TrainingPoint> expected = Run(), found = Run();
        Assert.Equal(["accuracy", "ROC AUC", "log loss"], found[0].Training.Metrics.Select(metric => metric.Name));
        Assert.Equal(expected, found);

        ValueList<TrainingPoint> Run()
        {
            using var trainer = new Trainer<float>(new Dense(2).Build<float>(2, 1), plan, all.Take(14), all.Skip(14))
            {
                Checkpointing = new(_folder["run.checkpoint"]),
            };
            trainer.TryResume();
            return trainer.Run(cancellationToken: TestContext.Current.CancellationToken).Curve;
        }
    }
}
