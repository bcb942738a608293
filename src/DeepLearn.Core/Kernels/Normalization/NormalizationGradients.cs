using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// What the backward pass of a normalization reads and writes: the gradients for the batch that its forward pass normalized last.
/// </summary>
/// <param name="input">The examples of that pass, <c>[batch, positions * channels]</c>.</param>
/// <param name="outputGradient">The gradient of its results, of the same shape.</param>
/// <param name="scale">The factors of that pass, <c>[channels]</c>.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct NormalizationGradients<T>(
    ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, ReadOnlySpan<T> scale)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The examples of the forward pass, <c>[batch, positions * channels]</c>.</summary>
    public ReadOnlyMatrixView<T> Input { get; } = input;

    /// <summary>The gradient of its results, of the same shape.</summary>
    public ReadOnlyMatrixView<T> OutputGradient { get; } = outputGradient;

    /// <summary>The factors of that pass, <c>[channels]</c>.</summary>
    public ReadOnlySpan<T> Scale { get; } = scale;

    /// <summary>
    /// Receives the gradient of the input; it has the input's shape, and may be the memory of the input or of the output's gradient.
    /// Default empty: it is not needed.
    /// </summary>
    public MatrixView<T> InputGradient { get; init; }

    /// <summary>Receives the gradient of the factors, <c>[channels]</c>.</summary>
    public required Span<T> ScaleGradient { get; init; }

    /// <summary>Receives the gradient of the summands, <c>[channels]</c>.</summary>
    public required Span<T> ShiftGradient { get; init; }
}
