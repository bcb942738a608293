using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Tests.Data;
using DeepLearn.Tests.Support;
using DeepLearn.Training;

namespace DeepLearn.Tests.Training;

/// <summary>
/// The weights that short runs of training end with, as hashes: what must not depend on threads, prefetching or instruction sets.
/// </summary>
internal static class TrainingHash
{
    /// <summary>Two dense layers and plain descent, as in the experiment, in both precisions.</summary>
    public static string OfDense(int steps, WorkerPool? workers = null, int prefetch = 0)
    {
        var network = new Sequential(new Dense(50), new Relu(), new Dense(10));
        return Train<float>(network, new Sgd(), steps, workers, prefetch) + Train<double>(network, new Sgd(), steps, workers, prefetch);
    }

    /// <summary>
    /// A first layer so wide that threads divide its inputs among them, forward, backward and as batches are made, up to four of them.
    /// </summary>
    public static string OfWide(int steps, WorkerPool? workers = null, int prefetch = 0)
    {
        var network = new Sequential(new Dense(50), new Relu(), new Dense(10));
        ByteDataset data = SmallData.Bytes(130, new Shape(13, 17, 3), classes: 10);
        return Train<float>(network, new Sgd(), steps, workers, prefetch, data, null)
            + Train<double>(network, new Adam(), steps, workers, prefetch, data, null);
    }

    /// <summary>
    /// A first layer with so many weights that threads which divide its inputs take the result by columns, some of which fill no block,
    /// from bytes and from numbers, up to four threads in both precisions. Batches are small, for the products are long enough.
    /// </summary>
    public static string OfManyUnits(int steps, WorkerPool? workers = null, int prefetch = 0)
    {
        var network = new Sequential(new Dense(500), new Relu(), new Dense(10));
        ByteDataset data = SmallData.Bytes(12, new Shape(19, 19, 3), classes: 10);
        return Train<float>(network, new Sgd(), steps, workers, prefetch, data, null, batchSize: 5)
            + Train<float>(network, new Sgd(), steps, workers, prefetch, data, new HorizontalFlip(), batchSize: 5)
            + Train<double>(network, new Sgd(), steps, workers, prefetch, data, null, batchSize: 5);
    }

    /// <summary>All of them and every layer, loss, regularizer and optimizer, a few steps each: for processes of their own.</summary>
    public static string OfShortRuns(WorkerPool? workers = null, int prefetch = 0) =>
        OfDense(20, workers, prefetch) + OfWide(5, workers, prefetch) + OfManyUnits(2, workers, prefetch)
        + OfConvolutional(3, workers, prefetch) + MixedTraining.OfPictures(3, workers, prefetch)
        + MixedTraining.OfEverything(2, workers, prefetch);

    /// <summary>The same on four threads with batches made ahead of time.</summary>
    public static string OfShortRunsOnThreads()
    {
        using var workers = Pools.WithProcessorToSpare(4);
        return OfShortRuns(workers, 2);
    }

    /// <summary>Layers of many kinds, and optimizers that remember.</summary>
    public static string OfConvolutional(int steps, WorkerPool? workers = null, int prefetch = 0)
    {
        var network = new Sequential(
            new Convolution2D(8, 3) { Padding = Padding2D.Same },
            new BatchNorm(),
            new Gelu(),
            new Residual(new Sequential(new Convolution2D(8, 3) { Padding = Padding2D.Same }, new LayerNorm(), new Silu())),
            new MaxPool(2),
            new Dropout(0.2),
            new Dense(24),
            new Tanh(),
            new Dense(10));
        return Train<float>(network, new AdamW { WeightDecay = 0.01 }, steps, workers, prefetch)
            + Train<double>(network, new Sgd { Momentum = 0.9 }, steps, workers, prefetch);
    }

    private static string Train<T>(Layer network, Optimizer optimizer, int steps, WorkerPool? workers, int prefetch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Train<T>(network, optimizer, steps, workers, prefetch, SmallData.Bytes(130, new Shape(8, 8, 3), classes: 10), new HorizontalFlip());

    private static string Train<T>(
        Layer network,
        Optimizer optimizer,
        int steps,
        WorkerPool? workers,
        int prefetch,
        ByteDataset data,
        ImageAugmentation? augmentation,
        int batchSize = 40)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var plan = new TrainingPlan
        {
            Schedule = new TriangularSchedule(1e-4, 1e-2, 20),
            Length = TrainingLength.Steps(steps),
            BatchSize = batchSize,
            Seed = 9,
            Optimizer = optimizer,
            Regularizer = new L2(0.001),
            Normalization = Normalization.PerFeature(data),
            Augmentation = augmentation,
            Prefetch = prefetch,
        };
        Model<T> model = network.Build<T>(data.ExampleShape, 4);
        using var trainer = new Trainer<T>(model, plan, data, data.Take(Math.Min(30, data.Count)), workers);
        TrainingResult result = trainer.Run();
        return $"{model.Sha256()} {result.Curve[^1].Training.Cost:g17} ";
    }
}
