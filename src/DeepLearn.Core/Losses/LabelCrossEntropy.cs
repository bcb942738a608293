using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>The part of <see cref="SoftmaxCrossEntropy"/> for examples with one class each, without smoothing.</summary>
internal static class LabelCrossEntropy
{
    /// <summary>The most rows of one call.</summary>
    public const int MostRows = 128;

    /// <summary>Adds the losses of examples with one class each: minus the logarithm of its probability.</summary>
    /// <remarks>
    /// The loops over examples are methods of their own, optimized from the first call; what only calls kernels need not be, and would have
    /// the JIT read every kernel of every width that it might call.
    /// </remarks>
    public static double Add<T>(
        double total,
        ReadOnlySpan<int> labels,
        ReadOnlySpan<double> weights,
        ReadOnlyMatrixView<T> scores,
        MatrixView<T> block,
        T perExample,
        bool wantsGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowReductions.Softmax(scores, block, default);
        Span<T> logs = stackalloc T[MostRows];
        logs = logs[..labels.Length];
        Pick<T>(block, labels, logs);
        Transcendentals.Log<T>(logs, logs);
        total = AddLosses<T>(total, labels, weights, logs, scores, block);
        if (!wantsGradient)
            return total;
        if (!weights.IsEmpty)
        {
            SubtractWeighted(labels, weights, block, perExample);
            return total;
        }
        if (block.IsContiguous)
            Arithmetic.Scale(block.AsSpan(), perExample, block.AsSpan());
        else
            ScaleRows(block, perExample);
        SubtractOneHot(labels, block, perExample);
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pick<T>(ReadOnlyMatrixView<T> block, ReadOnlySpan<int> labels, Span<T> picked)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < labels.Length; i++)
            picked[i] = block.Row(i)[labels[i]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double AddLosses<T>(
        double total, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, ReadOnlySpan<T> logs, ReadOnlyMatrixView<T> scores,
        ReadOnlyMatrixView<T> probabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < labels.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[labels[i]];
            double loss = -Precision.ToDouble(logs[i]);
            T probability = probabilities.Row(i)[labels[i]];

            // A probability that is 0 or has lost digits says too little; the scores say it all.
            if (!T.IsNormal(probability) && !T.IsNaN(probability))
            {
                (double greatest, double logOfSum) = SoftmaxSum.Of(scores.Row(i), probabilities.Row(i));
                loss = greatest - Precision.ToDouble(scores.Row(i)[labels[i]]) + logOfSum;
            }
            total += weight == 0 && !double.IsNaN(loss) ? 0 : weight * loss;
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleRows<T>(MatrixView<T> block, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < block.Rows; i++)
            Arithmetic.Scale(block.Row(i), factor, block.Row(i));
    }

    /// <summary>The end of the gradient without weights: one less for the class, over the number of examples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractOneHot<T>(ReadOnlySpan<int> labels, MatrixView<T> block, T perExample)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < labels.Length; i++)
            block.Row(i)[labels[i]] -= perExample;
    }

    /// <summary>
    /// The gradient with weights: the probabilities less one for the class, times its weight, over the number of examples.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractWeighted<T>(ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, MatrixView<T> block, T perExample)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < labels.Length; i++)
        {
            T share = perExample * Precision.FromDouble<T>(weights[labels[i]]);
            Arithmetic.Scale(block.Row(i), share, block.Row(i));
            block.Row(i)[labels[i]] -= share;
        }
    }
}
