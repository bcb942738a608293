using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// A margin between the score of the right class y and the others: <c>sum_{j != y} max(0, margin + s_j - s_y)</c> after Weston and Watkins,
/// or <c>max(0, margin + max_{j != y} s_j - s_y)</c> after Crammer and Singer. Each class j that counts has the derivative 1, and y minus
/// their number.
/// </summary>
/// <remarks>
/// Weston and Watkins, "Support Vector Machines for Multi-Class Pattern Recognition", 1999, whose margin is 2; Crammer and Singer, "On the
/// Algorithmic Implementation of Multiclass Kernel-Based Vector Machines", 2001. A term of exactly 0 does not count, and of several classes
/// that are equally near the first does. PyTorch's <c>MultiMarginLoss</c> is the first form divided by the number of classes.
/// </remarks>
/// <example><code>
/// var scores = Matrix&lt;float&gt;.FromArray(new float[,] { { 2, 1.5f, 0 } });
/// Console.WriteLine(new MulticlassHinge().Compute(scores, Targets&lt;float&gt;.FromLabels([0]), default));    // prints 0.5
/// </code></example>
public sealed record MulticlassHinge : Loss
{
    /// <summary>Which of the wrong classes count. Default <see cref="HingeForm.WestonWatkins"/>.</summary>
    public HingeForm Form
    {
        get;
        init => field = value is HingeForm.WestonWatkins or HingeForm.CrammerSinger
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Form), value, "The form is WestonWatkins or CrammerSinger.");
    }

    /// <summary>How far the right class is to be ahead, in the unit of the scores; finite and above 0. Default 1.</summary>
    public double Margin { get; init => field = LossGuard.Positive(value, nameof(Margin)); } = 1;

    /// <summary>
    /// A factor for each class on the losses of its examples, finite and at least 0. Default: empty, which is 1 for each.
    /// </summary>
    public ValueList<double> ClassWeights { get; init => field = LossGuard.ClassWeights(value, nameof(ClassWeights)); } = [];

    /// <inheritdoc/>
    public override bool TakesLabels => true;

    /// <inheritdoc/>
    public override bool TakesValues => false;

    /// <inheritdoc/>
    protected override void CheckOutputs(int outputs)
    {
        if (outputs < 2)
            throw new ArgumentException($"{this} needs at least two outputs, one for each class; found {outputs}.");
        LossGuard.WeightForEach(ClassWeights, outputs, nameof(ClassWeights));
    }

    /// <inheritdoc/>
    protected override void CheckRange(int outputs, NumberRange range)
    {
        if (range.Greatest - range.Least < Margin)
        {
            throw new ArgumentException(
                $"{this} takes scores that can be a margin of {Margin:r} apart; found outputs {range}. Leave out the layer that bounds "
                + "them, or take a smaller margin.");
        }
    }

    /// <inheritdoc/>
    protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
    {
        double total = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            int label = targets.Labels[row];
            double weight = ClassWeights.Count == 0 ? 1 : ClassWeights[label];
            T share = T.CreateChecked(weight / outputs.Rows);
            Span<T> derivative = gradient.IsEmpty ? default : gradient.Row(row);
            double loss = Form == HingeForm.WestonWatkins
                ? EveryClass(outputs.Row(row), label, share, derivative)
                : NearestClass(outputs.Row(row), label, share, derivative);
            total += weight == 0 && !double.IsNaN(loss) ? 0 : weight * loss;
        }
        return total / outputs.Rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double EveryClass<T>(ReadOnlySpan<T> scores, int label, T share, Span<T> derivative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // In double: the difference of two floats, and a sum over many classes, may leave the range of a float.
        double right = Precision.ToDouble(scores[label]), loss = 0;
        int count = 0;
        for (int j = 0; j < scores.Length; j++)
        {
            double term = j == label ? 0 : Margin + (Precision.ToDouble(scores[j]) - right);
            bool counts = !(term <= 0);
            if (counts)
            {
                loss += term;
                count++;
            }
            if (!derivative.IsEmpty)
                derivative[j] = counts ? share : T.Zero;
        }
        if (!derivative.IsEmpty)
            derivative[label] = -share * T.CreateChecked(count);
        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double NearestClass<T>(ReadOnlySpan<T> scores, int label, T share, Span<T> derivative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int nearest = label == 0 ? 1 : 0;
        for (int j = nearest + 1; j < scores.Length; j++)
        {
            // A NaN is taken wherever it is, so that it reaches the loss.
            if (j != label && !(scores[j] <= scores[nearest]) && !T.IsNaN(scores[nearest]))
                nearest = j;
        }
        double term = Margin + (Precision.ToDouble(scores[nearest]) - Precision.ToDouble(scores[label]));
        bool counts = !(term <= 0);
        if (!derivative.IsEmpty)
        {
            derivative.Clear();
            derivative[nearest] = counts ? share : T.Zero;
            derivative[label] = counts ? -share : T.Zero;
        }
        return counts ? term : 0;
    }
}
