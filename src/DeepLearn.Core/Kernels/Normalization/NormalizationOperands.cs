using System.Numerics;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Normalization;

/// <summary>The checks of options and operands that both normalizations share. They run before anything is written.</summary>
internal static class NormalizationOperands
{
    /// <summary>Throws if a size is below 1 or too large, or if epsilon is not finite and above 0.</summary>
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

    /// <summary>Throws if the operands of a forward pass have wrong shapes or share memory.</summary>
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

    /// <summary>Throws if the operands of a backward pass have wrong shapes or share memory.</summary>
    public static void CheckBackward<T>(NormalizationGradients<T> operands, int batch, int features, int channels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> input = operands.Input, outputGradient = operands.OutputGradient;
        ReadOnlySpan<T> scale = operands.Scale;
        MatrixView<T> inputGradient = operands.InputGradient;
        Span<T> scaleGradient = operands.ScaleGradient, shiftGradient = operands.ShiftGradient;
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
