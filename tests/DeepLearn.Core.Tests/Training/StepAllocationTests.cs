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

/// <summary>A whole step of training allocates nothing, whatever layers, loss, regulariser and optimiser it is made of.</summary>
public class StepAllocationTests
{
    private static readonly Sequential Small = new(
        new Convolution2D(4, 3) { Padding = 1 }, new BatchNorm(), new Relu(), new Residual(new Dropout(0.2)), new MaxPool(2), new Dense(5));

    public static TheoryData<LayerCase> Layers => [.. LayerCase.All];

    public static TheoryData<LossCase> Losses => [.. LossCase.All];

    public static TheoryData<OptimizerCase> Optimizers => [.. OptimizerCase.All];

    [Theory]
    [MemberData(nameof(Layers))]
    public void WithAnyLayer(LayerCase row)
    {
        var sample = new LayerSample(new Sequential(row.Large.Layer, new Dense(5)), row.Large.Input, 6, 1);
        Matrix<float> examples = sample.Examples<float>();
        int[] labels = [0, 1, 2, 3, 4, 0];
        var step = new TrainingStep<float>(
            sample.Build<float>(), new SoftmaxCrossEntropy(), new L2(1e-3), new Sgd { Momentum = 0.9 }, sample.Batch);
        AssertNothing(number => step.Run(examples, Targets<float>.FromLabels(labels), 1e-4, number, RandomKey.FromSeed(2).Derive(number)));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void WithAnyLoss(LossCase row)
    {
        var sample = new LayerSample(Small, new Shape(4, 4, 2), 6, 1);
        Matrix<float> examples = sample.Examples<float>();
        var example = new LossExample(row, 6, 5, 1, 4);
        Matrix<float> values = LossExample.ToSingle(example.Values);
        var step = new TrainingStep<float>(sample.Build<float>(), example.Loss, new L2(1e-3), new Sgd(), sample.Batch);
        AssertNothing(number => step.Run(
            examples,
            example.HasLabels ? Targets<float>.FromLabels(example.Labels) : Targets<float>.FromValues(values),
            1e-4,
            number,
            RandomKey.FromSeed(2).Derive(number)));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void WithAnyOptimizerAndRegularizer(OptimizerCase row)
    {
        var sample = new LayerSample(Small, new Shape(4, 4, 2), 6, 1);
        Matrix<float> examples = sample.Examples<float>();
        int[] labels = [0, 1, 2, 3, 4, 0];
        foreach (RegularizerCase penalty in RegularizerCase.All)
        {
            var step = new TrainingStep<float>(
                sample.Build<float>(), new SoftmaxCrossEntropy(), penalty.Regularizer, row.Optimizer, sample.Batch);
            AssertNothing(number => step.Run(examples, Targets<float>.FromLabels(labels), 1e-4, number, RandomKey.FromSeed(2).Derive(number)));
        }
    }

    private static void AssertNothing(Action<long> step)
    {
        // The first few steps are left out, until the compiler has settled; of the others the best counts, since it may come back to it.
        long least = long.MaxValue;
        for (long number = 0; number < 12 && least > 0; number++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            step(number);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            least = number < 3 ? least : Math.Min(least, bytes);
        }
        Assert.Equal(0, least);
    }
}
