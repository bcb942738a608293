using System.Numerics;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>The operands of a convolution: images, weights and the gradient of the outputs.</summary>
internal sealed class ConvolutionOperands<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public ConvolutionOperands(ConvolutionCase @case)
    {
        Case = @case;
        ConvolutionGeometry geometry = @case.Geometry;
        Input = Filled(1, @case.Batch, geometry.InputCount);
        Weights = Filled(2, geometry.Depth, geometry.Filters);
        OutputGradient = Filled(3, @case.Batch, geometry.OutputCount);
    }

    public ConvolutionCase Case { get; }

    /// <summary>The images, <c>[batch, height * width * channels]</c>.</summary>
    public Matrix<T> Input { get; }

    /// <summary>The weights, <c>[taps * channels of a group, filters]</c>.</summary>
    public Matrix<T> Weights { get; }

    /// <summary>The gradient of the outputs, <c>[batch, height * width * filters]</c>.</summary>
    public Matrix<T> OutputGradient { get; }

    private static Matrix<T> Filled(int seed, int rows, int columns)
    {
        var random = new Random(seed);
        var matrix = new Matrix<T>(rows, columns);
        foreach (ref T number in matrix.AsSpan())
            number = T.CreateChecked((random.NextDouble() * 2) - 1);
        return matrix;
    }
}
