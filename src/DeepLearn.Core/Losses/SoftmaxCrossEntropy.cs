using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// Softmax and cross-entropy in one. For scores s and a class y, <c>loss = log(sum_j exp(s_j)) - s_y</c>, with the gradient
/// <c>(softmax(s) - onehot(y)) / batch</c>; for a row of probabilities p in the place of the class,
/// <c>loss = sum_j p_j * (log(sum_k exp(s_k)) - s_j)</c>.
/// </summary>
/// <remarks>
/// <para>
/// Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990. The largest score is subtracted first, so that
/// no finite score is too large; each score costs one exponential, which is kept where the gradient goes. A score of minus infinity has the
/// probability 0; one of plus infinity or NaN makes loss and gradient of its example NaN.
/// </para>
/// <para>
/// With label smoothing e (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception Architecture for Computer Vision", 2016) the
/// probabilities are <c>(1 - e) * p_j + e / classes</c>. With class weights each term of the sum over j has the factor of its class. Both are as in
/// PyTorch, except for what the sum over the examples is divided by: see <see cref="Loss"/>. Rows of probabilities are taken as they
/// are; they need not sum to 1.
/// </para>
/// </remarks>
public sealed record SoftmaxCrossEntropy : Loss
{
    /// <summary>The part of the probability that is spread over all classes, at least 0 and below 1. Default 0.</summary>
    public double LabelSmoothing
    {
        get;
        init => field = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LabelSmoothing), value, "Label smoothing is at least 0 and below 1.");
    }

    /// <summary>A factor for each class, finite and at least 0. Default: empty, which is 1 for each.</summary>
    public ValueList<double> ClassWeights { get; init => field = LossGuard.Weights(value, nameof(ClassWeights)); } = [];

    /// <inheritdoc/>
    public override bool TakesLabels => true;

    /// <inheritdoc/>
    public override bool TakesValues => true;

    /// <inheritdoc/>
    protected override void CheckOutputs(int outputs) => LossGuard.WeightForEach(ClassWeights, outputs, nameof(ClassWeights));

    /// <inheritdoc/>
    protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
    {
        double total = 0;
        T perExample = T.CreateChecked(1.0 / outputs.Rows);
        bool oneTerm = targets.AreLabels && LabelSmoothing == 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            ReadOnlySpan<T> scores = outputs.Row(row);
            Span<T> slope = gradient.IsEmpty ? default : gradient.Row(row);
            T max = Largest(scores);
            T sum = SumOfExponentials(scores, max, slope);
            T logSum = VectorMath.Log(sum);
            total += oneTerm
                ? OneTerm(targets.Labels[row], scores, max, sum, logSum, perExample, slope)
                : AllTerms(targets, row, scores, max, sum, logSum, perExample, slope);
        }
        return total / outputs.Rows;
    }

    private static T Largest<T>(ReadOnlySpan<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = scores[0];
        for (int j = 1; j < scores.Length; j++)
            max = T.Max(max, scores[j]);
        return max;
    }

    /// <summary>The sum of exp(score - max); each term is left in the gradient's row where there is one.</summary>
    private static T SumOfExponentials<T>(ReadOnlySpan<T> scores, T max, Span<T> terms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int j = 0; j < scores.Length; j++)
        {
            T term = VectorMath.Exp(scores[j] - max);
            sum += term;
            if (!terms.IsEmpty)
                terms[j] = term;
        }
        return sum;
    }

    private static void Scale<T>(Span<T> slope, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ref T element in slope)
            element *= factor;
    }

    /// <summary>The loss of an example with one class, and its gradient in the row that holds the exponentials.</summary>
    private double OneTerm<T>(int label, ReadOnlySpan<T> scores, T max, T sum, T logSum, T perExample, Span<T> slope)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double weight = ClassWeights.Count == 0 ? 1 : ClassWeights[label];
        if (!slope.IsEmpty)
        {
            T share = perExample * T.CreateChecked(weight);
            Scale(slope, share / sum);
            slope[label] -= share;
        }
        double loss = double.CreateChecked(logSum - (scores[label] - max));
        return weight == 0 && !double.IsNaN(loss) ? 0 : weight * loss;
    }

    /// <summary>The loss of an example with a probability for each class, and its gradient in the row that holds the exponentials.</summary>
    private double AllTerms<T>(
        Targets<T> targets, int row, ReadOnlySpan<T> scores, T max, T sum, T logSum, T perExample, Span<T> slope)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> probabilities = targets.AreLabels ? default : targets.Values.Row(row);
        int label = targets.AreLabels ? targets.Labels[row] : -1;
        double loss = 0, mass = 0;
        for (int j = 0; j < scores.Length; j++)
        {
            double share = Share(j, label, probabilities, scores.Length);
            mass += share;
            double distance = double.CreateChecked(logSum - (scores[j] - max));
            loss += share == 0 && !double.IsNaN(distance) ? 0 : share * distance;
        }
        if (!slope.IsEmpty)
        {
            T factor = perExample * T.CreateChecked(mass) / sum;
            for (int j = 0; j < slope.Length; j++)
                slope[j] = (slope[j] * factor) - (perExample * T.CreateChecked(Share(j, label, probabilities, scores.Length)));
        }
        return loss;
    }

    /// <summary>The smoothed and weighted probability of a class.</summary>
    private double Share<T>(int j, int label, ReadOnlySpan<T> probabilities, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double probability = probabilities.IsEmpty ? (j == label ? 1 : 0) : double.CreateChecked(probabilities[j]);
        double smoothed = ((1 - LabelSmoothing) * probability) + (LabelSmoothing / classes);
        return ClassWeights.Count == 0 ? smoothed : smoothed * ClassWeights[j];
    }
}
