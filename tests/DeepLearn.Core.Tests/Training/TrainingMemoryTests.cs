using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>What a run says that it holds, against what the process holds.</summary>
[Collection(Alone.Name)]
public class TrainingMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TrainingMemory_of_a_run_equals_what_the_process_holds(bool adam)
    {
        (TrainingPlan Plan, Model<float> Model) Prepare(Dataset data)
        {
            (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
            return (plan with { BatchSize = 20_000, Optimizer = adam ? new Adam() : new Sgd(), Length = TrainingLength.Steps(6) }, model);
        }
        TrainingMemory said = AssertHoldsWhatItSays(
            () => TrainingData.Striped(60_000), data => data.Take(30_000), Prepare, WorkerPool.Single);
        Assert.True(said.Data >= 60_000 * 24);
        Assert.Equal(adam ? 2 * 4 * TrainingData.Network.Build<float>(24, 1).ParameterCount : 0, said.OptimizerState);
    }

    /// <summary>Batches that are made ahead have a ring, an order and scratch of their own, and each thread of evaluation its batch; few
    /// large images and many small ones tell whether they are counted.</summary>
    [Theory]
    [InlineData(4, 200_000, 9, 1_000)]
    [InlineData(32, 4_000, 512, 400)]
    public void TrainingMemory_with_prefetch_on_two_threads_equals_what_the_process_holds(int width, int count, int hidden, int batch)
    {
        (TrainingPlan Plan, Model<float> Model) Prepare(Dataset data)
        {
            TrainingPlan plan = TrainingData.Plan with
            {
                BatchSize = batch,
                Optimizer = new Sgd { Momentum = 0.9 },
                Length = TrainingLength.Steps(12),
                Normalization = Normalization.PerFeature(data),
                Augmentation = new HorizontalFlip().Then(new RandomShift(1)),
                Prefetch = 4,
                Evaluation = new() { TrainingExamples = count / 2 },
            };
            return (plan, new Sequential(new Dense(hidden), new Relu(), new Dense(10)).Build<float>(data.ExampleShape, 1));
        }
        using WorkerPool workers = Pools.WithProcessorToSpare(2);
        AssertHoldsWhatItSays(() => Images(width, count), _ => null, Prepare, workers);
    }

    [Fact]
    public void BatchLoader_memory_counts_an_augmented_image_for_each_thread()
    {
        ByteDataset data = Images(8, 100);
        using WorkerPool workers = Pools.WithProcessorToSpare(2);
        long With(ImageAugmentation? augmentation, int prefetch)
        {
            var options = new BatchLoaderOptions { Augmentation = augmentation, Prefetch = prefetch };
            using var loader = new BatchLoader<float>(data, 10, RandomKey.FromSeed(1), options, workers);
            return loader.MemoryInBytes;
        }
        Assert.Equal(2 * 192 * 4, With(new HorizontalFlip(), 0) - With(null, 0));
        Assert.Equal(3 * 192 * 4, With(new HorizontalFlip(), 2) - With(null, 2));
    }

    [Fact]
    public void MatrixProduct_memory_kept_on_a_thread_is_small()
    {
        // A right operand of more than 512 times 3072 elements that has to be packed, beside a left one that has to be too.
        Matrix<float> left = new(4096, 640), right = new(6144, 640), result = new(4096, 6144);
        long kept = 0;
        var thread = new Thread(() =>
        {
            long before = Held();
            MatrixProduct.Multiply(left, right, new ProductOptions<float> { TransposeB = true }, WorkerPool.Single, result);
            kept = Held() - before;
        });
        thread.Start();
        thread.Join();
        Assert.InRange(kept, 1_000_000, 7_000_000);
    }

    [Fact]
    public void Dataset_MemoryInBytes_counts_data_shared_by_views_once()
    {
        ByteDataset data = TrainingData.Striped(100);
        long one = Dataset.MemoryInBytes(data);
        Assert.Equal((100 * 24) + 400, one);
        Assert.Equal(one + (2 * 4 * 30) + (2 * 4 * 70), Dataset.MemoryInBytes(data.Take(30), data.Skip(30), data));
    }

    private static TrainingMemory AssertHoldsWhatItSays(
        Func<Dataset> makeData,
        Func<Dataset, Dataset?> validation,
        Func<Dataset, (TrainingPlan Plan, Model<float> Model)> prepare,
        WorkerPool workers)
    {
        // What earlier tests have left to pools and to threads that have ended may be given back while this one measures, and products keep
        // some memory on a thread that makes the first; a run that holds something else does so every time.
        (long Held, TrainingMemory Said) run = Run(makeData, validation, prepare, workers);
        for (int again = 0; again < 3 && !IsWithin(run.Held, run.Said.Total); again++)
            run = Run(makeData, validation, prepare, workers);
        Assert.True(IsWithin(run.Held, run.Said.Total), $"The run says that it holds {run.Said}; it holds {run.Held}.");
        return run.Said;
    }

    private static bool IsWithin(long held, long said) => held >= 0.99 * said && held <= (1.01 * said) + 50_000;

    private static (long Held, TrainingMemory Said) Run(
        Func<Dataset> makeData,
        Func<Dataset, Dataset?> validation,
        Func<Dataset, (TrainingPlan Plan, Model<float> Model)> prepare,
        WorkerPool workers)
    {
        long before = Held();
        Dataset data = makeData();
        (TrainingPlan plan, Model<float> model) = prepare(data);
        using var trainer = new Trainer<float>(model, plan, data, validation(data), workers);
        trainer.Run();
        long held = Held() - before;
        GC.KeepAlive(data);
        return (held, trainer.Memory);
    }

    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static ByteDataset Images(int width, int count)
    {
        var shape = new Shape(width, width, 3);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 10)];
        return new(new byte[count * shape.Count], labels, new DatasetDescription(shape) { Classes = 10 });
    }
}
