using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// The part of <see cref="SoftmaxCrossEntropy"/> for examples with a probability for each class, or with one class whose probability is
/// smoothed.
/// </summary>
internal static class ShareCrossEntropy
{
    /// <summary>Adds the losses of examples with a probability for each class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Add<T>(
        double total,
        Targets<T> targets,
        double smoothing,
        ValueList<double> weights,
        int first,
        ReadOnlyMatrixView<T> scores,
        MatrixView<T> block,
        T perExample,
        bool wantsGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // In double: a sum over ten thousand classes of shares that are not numbers of T would be off by a good part of the smallest.
        RowReductions.Softmax(scores, block, default);
        double scale = Precision.ToDouble(perExample);
        for (int i = 0; i < scores.Rows; i++)
        {
            var shares = new Shares<T>(targets, first + i, smoothing, scores.Columns, weights);
            ReadOnlySpan<T> row = scores.Row(i);
            Span<T> derivative = block.Row(i);
            (double greatest, double logOfSum) = SoftmaxSum.Of(row, derivative);
            double mass = 0, loss = 0;
            for (int j = 0; j < row.Length; j++)
            {
                double share = shares.Of(j), distance = greatest - Precision.ToDouble(row[j]) + logOfSum;
                mass += share;
                loss += share == 0 && !double.IsNaN(distance) ? 0 : share * distance;
            }
            total += loss;
            if (!wantsGradient)
                continue;
            for (int j = 0; j < derivative.Length; j++)
                derivative[j] = Precision.FromDouble<T>(scale * ((Precision.ToDouble(derivative[j]) * mass) - shares.Of(j)));
        }
        return total;
    }

    /// <summary>The smoothed and weighted probabilities of an example's classes.</summary>
    private readonly ref struct Shares<T>(Targets<T> targets, int row, double smoothing, int classes, ValueList<double> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly ReadOnlySpan<T> _probabilities = targets.AreLabels ? default : targets.Values.Row(row);
        private readonly int _label = targets.AreLabels ? targets.Labels[row] : -1;
        private readonly ReadOnlySpan<double> _weights = weights.AsSpan();
        private readonly double _kept = 1 - smoothing;
        private readonly double _spread = smoothing / classes;

        public double Of(int j)
        {
            double share = _label >= 0
                ? j == _label ? _kept + _spread : _spread
                : (_kept * Precision.ToDouble(_probabilities[j])) + _spread;
            return _weights.IsEmpty ? share : share * _weights[j];
        }
    }
}
