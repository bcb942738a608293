using DeepLearn.Kernels;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// Softmax and cross-entropy in one: <c>loss = log(sum_j exp(s_j)) - s_y</c> for scores s and class y; gradient
/// <c>(softmax(s) - onehot(y)) / batch</c>. The largest score is subtracted first, so that no score is too large.
/// </summary>
public sealed record SoftmaxCrossEntropy : Loss
{
    /// <inheritdoc/>
    public override bool TakesLabels => true;

    /// <inheritdoc/>
    public override bool TakesValues => false;

    /// <inheritdoc/>
    protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
    {
        double total = 0;
        T perExample = T.One / T.CreateChecked(outputs.Rows);
        for (int row = 0; row < outputs.Rows; row++)
        {
            ReadOnlySpan<T> scores = outputs.Row(row);
            int label = targets.Labels[row];
            T max = scores[0];
            for (int j = 1; j < scores.Length; j++)
                max = T.Max(max, scores[j]);
            T sum = T.Zero;
            for (int j = 0; j < scores.Length; j++)
                sum += VectorMath.Exp(scores[j] - max);
            total += double.CreateChecked(VectorMath.Log(sum) - (scores[label] - max));
            if (gradient.IsEmpty)
                continue;
            Span<T> slope = gradient.Row(row);
            T factor = perExample / sum;
            for (int j = 0; j < scores.Length; j++)
                slope[j] = VectorMath.Exp(scores[j] - max) * factor;
            slope[label] -= perExample;
        }
        return total / outputs.Rows;
    }
}
