using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>What the forward pass of a convolution reads and writes.</summary>
/// <param name="input">The images, <c>[batch, height * width * channels]</c>.</param>
/// <param name="weights">The weights, <c>[taps * group channels, filters]</c>, without a gap between rows.</param>
/// <param name="output">Receives the outputs, <c>[batch, output height * output width * filters]</c>.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct ConvolutionOperands<T>(ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> weights, MatrixView<T> output)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The images, <c>[batch, height * width * channels]</c>.</summary>
    public ReadOnlyMatrixView<T> Input { get; } = input;

    /// <summary>The weights, <c>[taps * group channels, filters]</c>, without a gap between rows.</summary>
    public ReadOnlyMatrixView<T> Weights { get; } = weights;

    /// <summary>Receives the outputs, <c>[batch, output height * output width * filters]</c>.</summary>
    public MatrixView<T> Output { get; } = output;

    /// <summary>A number for each filter, <c>[filters]</c>. Default empty: none.</summary>
    public ReadOnlySpan<T> Biases { get; init; }

    /// <summary>Whether outputs below 0 become 0. Default false.</summary>
    public bool Relu { get; init; }

    /// <summary>
    /// Who is told what has been written, while it is in a cache. Default null: nobody. A convolution of 1x1 over few positions tells
    /// nothing.
    /// </summary>
    public IOutputFollower<T>? Follower { get; init; }
}
