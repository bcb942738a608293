using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Steps;

/// <summary>The operands of a step, the same for all candidates: batch and initial weights.</summary>
internal sealed class StepOperands<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The learning rate of all candidates. It is so small that a million steps on one batch do not lead to subnormal numbers, with which
    /// arithmetic is slow.
    /// </summary>
    public const double LearningRate = 1e-4;

    /// <summary>The learning rate of optimizers whose steps do not shrink with the gradients.</summary>
    public const double AdaptiveRate = 1e-11;

    public StepOperands(StepCase stepCase)
    {
        Case = stepCase;
        var random = new Random(1);
        IReadOnlyList<int> widths = stepCase.Widths;
        Examples = Normal(random, stepCase.Batch, widths[0], 1);
        Labels = [.. Enumerable.Range(0, stepCase.Batch).Select(_ => random.Next(widths[^1]))];
        Weights = [.. widths.Zip(widths.Skip(1), (inputs, outputs) => Normal(random, inputs, outputs, Math.Sqrt(2.0 / inputs)))];
    }

    public StepCase Case { get; }

    /// <summary>The examples, <c>[batch, inputs]</c>.</summary>
    public Matrix<T> Examples { get; }

    /// <summary>The class of each example.</summary>
    public int[] Labels { get; }

    /// <summary>The weights of each layer, <c>[inputs, outputs]</c>; biases start at zero.</summary>
    public IReadOnlyList<Matrix<T>> Weights { get; }

    private static Matrix<T> Normal(Random random, int rows, int columns, double deviation)
    {
        var matrix = new Matrix<T>(rows, columns);
        foreach (ref T element in matrix.AsSpan())
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            element = T.CreateTruncating(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
        return matrix;
    }
}
