using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// Computes losses that are a sum or a mean over the outputs. A loss of that kind calls it in its <c>ComputeChecked</c>, as
/// <see cref="MeanSquaredError"/> does.
/// </summary>
public static class ElementwiseLoss
{
    /// <summary>
    /// Computes the mean loss of a batch and, where it is wanted, its gradient, in one pass, in double. It allocates nothing.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <typeparam name="TElement">The loss of one output, a struct, which is compiled into the loop.</typeparam>
    /// <param name="element">The loss of one output.</param>
    /// <param name="reduction">How the terms of an example's outputs become its loss.</param>
    /// <param name="outputs">The network's outputs, <c>[batch, outputs]</c>.</param>
    /// <param name="targets">Rows of numbers, <c>[batch, outputs]</c>.</param>
    /// <param name="gradient">
    /// Where the gradient goes, of the outputs' shape, all of which is written; empty where it is not wanted.
    /// </param>
    /// <returns>The mean over the examples, summed in double in the order of the batch.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Compute<T, TElement>(
        TElement element, OutputReduction reduction, ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TElement : struct, IElementLoss
    {
        double parts = reduction == OutputReduction.Mean ? (double)outputs.Rows * outputs.Columns : outputs.Rows;
        double total = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            ReadOnlySpan<T> values = outputs.Row(row);
            ReadOnlySpan<T> wanted = targets.Values.Row(row);
            Span<T> derivatives = gradient.IsEmpty ? default : gradient.Row(row);
            for (int j = 0; j < values.Length; j++)
            {
                total += element.Compute(Precision.ToDouble(values[j]), Precision.ToDouble(wanted[j]), out double derivative);
                if (!derivatives.IsEmpty)
                    derivatives[j] = Precision.FromDouble<T>(derivative / parts);
            }
        }
        return total / parts;
    }
}
