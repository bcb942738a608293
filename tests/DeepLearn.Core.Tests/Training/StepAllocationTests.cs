using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Layers;
using DeepLearn.Tests.Losses;
using DeepLearn.Tests.Optimizers;
using DeepLearn.Tests.Regularizers;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>
/// Whole steps on two threads allocate nothing on either, in both precisions, with every layer, loss, regularizer and optimizer of the
/// contract tables.
/// </summary>
[Collection(Alone.Name)]
public class StepAllocationTests
{
    // Measured together, so that what only some of them allocate is seen too.
    private const int Steps = 10;

    private static readonly LayerSample Small = new(new Sequential(new Dense(60), new Relu(), new Dense(7)), 300, 32, 1);

    private static readonly LayerSample Images = new(
        new Sequential(
            new Convolution2D(4, 3) { Padding = 1 }, new BatchNorm(), new Relu(), new Residual(new Dropout(0.2)), new MaxPool(2),
            new Dense(7)),
        new Shape(4, 4, 2),
        6,
        1);

    public static TheoryData<LayerCase> Layers => [.. LayerCase.All];

    public static TheoryData<LossCase> Losses => [.. LossCase.All];

    public static TheoryData<OptimizerCase> Optimizers => [.. OptimizerCase.All];

    [Theory]
    [MemberData(nameof(Layers))]
    public void TrainingStep_with_any_layer_allocates_nothing(LayerCase row)
    {
        LayerSample sample = row.Large with { Layer = new Sequential(row.Large.Layer, new Dense(7)) };
        Check(sample, new SoftmaxCrossEntropy(), new L2(0.01), new Sgd(), false);
        Check(sample, new SoftmaxCrossEntropy(), new L2(0.01), new Sgd { Momentum = 0.9 }, false);
    }

    [Theory]
    [InlineData(ConvolutionAlgorithm.Accurate)]
    [InlineData(ConvolutionAlgorithm.Fastest)]
    public void TrainingStep_with_any_convolution_algorithm_allocates_nothing(ConvolutionAlgorithm algorithm)
    {
        var convolution = new Convolution2D(34, 3) { Padding = 1, Algorithm = algorithm };
        var sample = new LayerSample(new Sequential(convolution, new Relu(), convolution, new Dense(7)), new Shape(9, 10, 32), 6, 1);
        Check(sample, new SoftmaxCrossEntropy(), Regularizer.None, new Sgd { Momentum = 0.9 }, false);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void TrainingStep_with_any_loss_allocates_nothing(LossCase row)
    {
        RandomStream random = RandomKey.FromSeed(1).Open();
        Check(Small, row.Make(7, ref random), Regularizer.None, new Sgd(), row.Kind != LossCase.TargetKind.Labels);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void TrainingStep_with_any_optimizer_and_regularizer_allocates_nothing(OptimizerCase row)
    {
        foreach (RegularizerCase penalty in RegularizerCase.All)
        {
            Check(Small, new SoftmaxCrossEntropy(), penalty.Regularizer, row.Optimizer, false);
            Check(Images, new SoftmaxCrossEntropy(), penalty.Regularizer, row.Optimizer, false);
        }
    }

    private static void Check(LayerSample sample, Loss loss, Regularizer regularizer, Optimizer optimizer, bool values)
    {
        using var workers = new WorkerPool(2);
        Assert.Equal(0, Allocated<float>(sample, loss, regularizer, optimizer, values, workers));
        Assert.Equal(0, Allocated<double>(sample, loss, regularizer, optimizer, values, workers));
    }

    private static long Allocated<T>(
        LayerSample sample, Loss loss, Regularizer regularizer, Optimizer optimizer, bool values, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = sample.Build<T>();
        Matrix<T> examples = sample.Examples<T>(), numbers = sample.Numbers<T>("targets", 7);
        foreach (ref T number in numbers.AsSpan())
            number = (number + T.One) / (T.One + T.One);
        int[] labels = [.. Enumerable.Range(0, sample.Batch).Select(i => i % 7)];
        var step = new TrainingStep<T>(model, loss, regularizer, optimizer, sample.Batch, workers);
        long steps = 0;
        return Allocation.OfAllThreads(() =>
        {
            for (int i = 0; i < Steps; i++)
            {
                Targets<T> targets = values ? Targets<T>.FromValues(numbers) : Targets<T>.FromLabels(labels);
                step.Run(examples, targets, 1e-4, steps, sample.Noise.Derive(steps));
                steps++;
            }
        });
    }
}
