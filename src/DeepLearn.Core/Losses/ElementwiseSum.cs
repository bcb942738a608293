using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>The loss of one output against one target, and its derivative: what a loss that is a sum over the outputs is made of.</summary>
internal interface IElementLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The loss of an output.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="target">What it should have been.</param>
    /// <param name="derivative">The derivative with respect to the output.</param>
    T Compute(T output, T target, out T derivative);
}

/// <summary>The driver of the losses that are sums over the outputs.</summary>
internal static class ElementwiseSum
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Compute<T, TElement>(
        TElement element, OutputReduction reduction, ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TElement : struct, IElementLoss<T>
    {
        double parts = reduction == OutputReduction.Mean ? (double)outputs.Rows * outputs.Columns : outputs.Rows;
        T share = T.CreateChecked(1 / parts);
        double total = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            ReadOnlySpan<T> values = outputs.Row(row);
            ReadOnlySpan<T> wanted = targets.Values.Row(row);
            Span<T> derivatives = gradient.IsEmpty ? default : gradient.Row(row);
            for (int j = 0; j < values.Length; j++)
            {
                total += double.CreateChecked(element.Compute(values[j], wanted[j], out T derivative));
                if (!derivatives.IsEmpty)
                    derivatives[j] = derivative * share;
            }
        }
        return total / parts;
    }
}
