using System.Numerics;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Normalization;

/// <summary>What both normalizations ask of their options and operands before they write anything.</summary>
internal static class NormalizationOperands
{
    /// <summary>Throws where there is nothing to normalize, or the epsilon is no epsilon.</summary>
    public static void CheckOptions(int positions, int channels, double epsilon, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        if (channels > Array.MaxLength / 2 / positions)
        {
            throw new ArgumentOutOfRangeException(
                nameof(positions), positions, $"Expected examples of at most {Array.MaxLength / 2} numbers; found {positions}x{channels}.");
        }
        if (!double.IsFinite(epsilon) || epsilon <= 0)
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected an epsilon that is finite and above 0.");
    }

    /// <summary>Throws where the operands of a forward pass do not fit.</summary>
    public static void CheckForward<T>(
        ReadOnlyMatrixView<T> input, int features, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, int channels, MatrixView<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ShapeGuard.Require(input, input.Rows, features);
        ShapeGuard.Require<T>(output, input.Rows, features);
        ShapeGuard.Require(scale, channels);
        ShapeGuard.Require(shift, channels);
        MatrixGuard.CheckSameOrApart(input, output);
        MatrixGuard.CheckApart(scale, output);
        MatrixGuard.CheckApart(shift, output);
    }

    /// <summary>Throws where the operands of a backward pass do not fit.</summary>
    public static void CheckBackward<T>(
        ReadOnlyMatrixView<T> input,
        ReadOnlyMatrixView<T> outputGradient,
        ReadOnlySpan<T> scale,
        MatrixView<T> inputGradient,
        Span<T> scaleGradient,
        Span<T> shiftGradient,
        int batch,
        int features,
        int channels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ShapeGuard.Require(input, batch, features);
        ShapeGuard.Require(outputGradient, batch, features);
        ShapeGuard.Require(scale, channels);
        ShapeGuard.Require<T>(scaleGradient, channels);
        ShapeGuard.Require<T>(shiftGradient, channels);
        SpanGuard.CheckApart<T>(scaleGradient, shiftGradient);
        SpanGuard.CheckApart(scale, scaleGradient);
        SpanGuard.CheckApart(scale, shiftGradient);
        if (inputGradient.IsEmpty)
            return;
        ShapeGuard.Require<T>(inputGradient, batch, features);
        MatrixGuard.CheckSameOrApart(input, inputGradient);
        MatrixGuard.CheckSameOrApart(outputGradient, inputGradient);
        MatrixGuard.CheckApart(scale, inputGradient);
    }
}
