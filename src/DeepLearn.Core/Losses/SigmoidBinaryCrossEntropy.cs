using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// A sigmoid and the cross-entropy of a yes or no, for each output on its own: <c>loss = p * t * log(1 + exp(-s)) + (1 - t) * log(1 +
/// exp(s))</c> for a score s, a target t from 0 to 1 and a weight p of yes; derivative <c>(1 - t) * sigmoid(s) - p * t * sigmoid(-s)</c>.
/// </summary>
/// <remarks>
/// With one output, the label is 1 for yes and 0 for no. With several outputs there is one sigmoid for each class: a label says which
/// output is yes, and the others are no; a row of numbers says it for each output, so that an example may belong to many classes or none.
/// It is PyTorch's <c>BCEWithLogitsLoss</c>, whose <c>pos_weight</c> is <see cref="PositiveWeights"/>. Neither exponential can overflow. A
/// score of plus or minus infinity is certainty, which costs nothing where it is right and is an infinite loss where it is wrong.
/// </remarks>
/// <example><code>
/// // Two labels an example, either of which may be there.
/// var scores = Matrix&lt;float&gt;.FromArray(new float[,] { { 2, -1 } });
/// var labels = Matrix&lt;float&gt;.FromArray(new float[,] { { 1, 0 } });
/// double loss = new SigmoidBinaryCrossEntropy().Compute(scores, Targets&lt;float&gt;.FromValues(labels), default);
/// Console.WriteLine($"{loss:f4}");    // prints 0.2201
/// </code></example>
public sealed record SigmoidBinaryCrossEntropy : Loss
{
    private const int BlockLength = 512;

    /// <summary>
    /// For each output the factor on the loss of a yes, finite and at least 0; above 1 for classes that are rare. Default: empty, which is
    /// 1 for each.
    /// </summary>
    public ValueList<double> PositiveWeights { get; init => field = LossGuard.Weights(value, nameof(PositiveWeights)); } = [];

    /// <summary>How the terms of an example's outputs become its loss. Default <see cref="OutputReduction.Mean"/>.</summary>
    public OutputReduction Reduction { get; init => field = LossGuard.Known(value); }

    /// <inheritdoc/>
    public override bool TakesLabels => true;

    /// <inheritdoc/>
    public override bool TakesValues => true;

    /// <inheritdoc/>
    protected override bool ValuesAreProbabilities => true;

    /// <inheritdoc/>
    public override PredictionTask TaskOf(int outputs, bool hasLabels) =>
        outputs == 1 ? PredictionTask.Binary : hasLabels ? PredictionTask.Multiclass(outputs) : PredictionTask.Multilabel(outputs);

    /// <inheritdoc/>
    protected override int ClassCount(int outputs) => Math.Max(outputs, 2);

    /// <inheritdoc/>
    protected override void CheckOutputs(int outputs) => LossGuard.WeightForEach(PositiveWeights, outputs, nameof(PositiveWeights));

    /// <inheritdoc/>
    protected override void CheckRange(int outputs, NumberRange range) =>
        LossGuard.Scores(this, range, 1 / (1 + Math.Exp(-range.Least)), 1 / (1 + Math.Exp(-range.Greatest)));

    /// <inheritdoc/>
    protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
    {
        // A block of whole rows, or of a part of a long one, at a time: its scores and how much of yes and no each is.
        Span<T> buffer = stackalloc T[3 * BlockLength];
        double parts = Reduction == OutputReduction.Mean ? (double)outputs.Rows * outputs.Columns : outputs.Rows;
        int rows = Math.Max(1, BlockLength / outputs.Columns), columns = Math.Min(outputs.Columns, BlockLength);
        double total = 0;
        for (int row = 0; row < outputs.Rows; row += rows)
        {
            int height = Math.Min(rows, outputs.Rows - row);
            for (int column = 0; column < outputs.Columns; column += columns)
            {
                int width = Math.Min(columns, outputs.Columns - column), length = height * width;
                Span<T> scores = buffer[..length], yes = buffer.Slice(BlockLength, length), no = buffer.Slice(2 * BlockLength, length);
                for (int i = 0; i < height; i++)
                {
                    outputs.Row(row + i).Slice(column, width).CopyTo(scores[(i * width)..]);
                    FillTargets(targets, row + i, column, outputs.Columns, yes.Slice(i * width, width), no.Slice(i * width, width));
                }
                total += SumOf<T>(-1, scores, yes) + SumOf<T>(1, scores, no);
                if (gradient.IsEmpty)
                    continue;
                Map.Apply(new Derivative<T>(T.CreateChecked(1 / parts)), scores, yes, no, scores);
                for (int i = 0; i < height; i++)
                    scores.Slice(i * width, width).CopyTo(gradient.Row(row + i)[column..]);
            }
        }
        return total / parts;
    }

    /// <summary>The sum of amount * log(1 + exp(sign * score)).</summary>
    private static double SumOf<T>(int sign, ReadOnlySpan<T> scores, ReadOnlySpan<T> amounts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = Precision.ToDouble(Reduce.SumOf<WeightedSoftplus<T>, T>(new(T.CreateChecked(sign)), scores, amounts));
        if (double.IsFinite(sum))
            return sum;

        // Scores so large that their sum leaves the range of T, or that are not finite.
        sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double amount = Precision.ToDouble(amounts[i]), loss = VectorMath.Softplus(sign * Precision.ToDouble(scores[i]));
            sum += amount == 0 && !double.IsNaN(loss) ? 0 : amount * loss;
        }
        return sum;
    }

    private void FillTargets<T>(Targets<T> targets, int row, int column, int outputs, Span<T> yes, Span<T> no)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (targets.AreLabels)
        {
            yes.Clear();
            int position = (outputs == 1 ? targets.Labels[row] - 1 : targets.Labels[row]) - column;
            if ((uint)position < (uint)yes.Length)
                yes[position] = T.One;
        }
        else
        {
            targets.Values.Row(row).Slice(column, yes.Length).CopyTo(yes);
        }
        for (int j = 0; j < yes.Length; j++)
        {
            no[j] = T.One - yes[j];
            if (PositiveWeights.Count != 0)
                yes[j] *= T.CreateChecked(PositiveWeights[column + j]);
        }
    }

    /// <summary>y log(1 + exp(sign x)), and 0 where y is, though the logarithm be infinite.</summary>
    private readonly struct WeightedSoftplus<T>(T sign) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes loss = VectorMath.Softplus<TLanes, T>(x * TLanes.Create(sign));
            TLanes bounded = TLanes.AtMost(loss, TLanes.Create(T.One));
            return y * TLanes.Select(TLanes.Equal(y, default), bounded, loss);
        }
    }

    /// <summary>share (no sigmoid(s) - yes sigmoid(-s)).</summary>
    private readonly struct Derivative<T>(T share) : ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes positive = VectorMath.Sigmoid<TLanes, T>(x);
            TLanes negative = VectorMath.Sigmoid<TLanes, T>(LaneMath.Negate<TLanes, T>(x));
            return TLanes.Create(share) * ((z * positive) - (y * negative));
        }
    }
}
