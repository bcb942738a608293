using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Steps;

/// <summary>Our step as training makes it: each step takes another shuffled batch from a loader, whose bytes are normalized.</summary>
internal sealed class StepOnBytes<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchLoader<T> _loader;
    private readonly TrainingStep<T> _step;
    private long _steps;

    public StepOnBytes(StepOperands<T> operands, Dataset images, WorkerPool workers)
    {
        int features = images.ExampleShape.Count;
        var normalization = new Normalization(
            ValueList.Create<double>([.. Enumerable.Repeat(127.5, features)]),
            ValueList.Create<double>([.. Enumerable.Repeat(74.0, features)]));
        _loader = new(images, operands.Case.Batch, RandomKey.FromSeed(1), new() { Normalization = normalization }, workers);
        _step = OwnStep<T>.Create(operands, new Sgd(), Regularizer.None, workers);
    }

    /// <summary>Random images, more than fit in the caches.</summary>
    /// <param name="features">The bytes of an image.</param>
    /// <param name="classes">The number of classes.</param>
    public static Dataset Images(int features, int classes)
    {
        const int Count = 40_000;
        var random = new Random(1);
        byte[] bytes = new byte[Count * features];
        random.NextBytes(bytes);
        int[] labels = [.. Enumerable.Range(0, Count).Select(_ => random.Next(classes))];
        return new ByteDataset(bytes, labels, new DatasetDescription(features) { Classes = classes });
    }

    public void Step()
    {
        Batch<T> batch = _loader.Next();
        _step.Run(batch, Targets<T>.FromLabels(batch.LabelView), StepOperands<T>.LearningRate, _steps++, default);
    }

    public void Dispose() => _loader.Dispose();
}
