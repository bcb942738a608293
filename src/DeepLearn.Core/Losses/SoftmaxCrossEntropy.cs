using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// Softmax and cross-entropy in one. For scores s and a class y, <c>loss = log(sum_j exp(s_j)) - s_y</c>, with the gradient <c>(softmax(s)
/// - onehot(y)) / batch</c>; for a row of probabilities p in the place of the class, <c>loss = sum_j p_j * (log(sum_k exp(s_k)) - s_j)</c>.
/// </summary>
/// <remarks>
/// <para>
/// Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990. The largest score is subtracted first, so
/// that no finite score is too large; each score costs one exponential, which is kept where the gradient goes. A score of minus infinity
/// has the probability 0; one of plus infinity or NaN makes loss and gradient of its example NaN.
/// </para>
/// <para>
/// With label smoothing e (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception Architecture for Computer Vision", 2016)
/// the probabilities are <c>(1 - e) * p_j + e / classes</c>. With class weights each term of the sum over j has the factor of its class.
/// Both are as in PyTorch, except for what the sum over the examples is divided by: see <see cref="Loss"/>. Rows of probabilities are taken
/// as they are; they need not sum to 1.
/// </para>
/// </remarks>
public sealed record SoftmaxCrossEntropy : Loss
{
    private const int ScratchLength = 1024;
    private const int BlockRows = 128;

    /// <summary>The part of the probability that is spread over all classes, at least 0 and below 1. Default 0.</summary>
    public double LabelSmoothing
    {
        get;
        init => field = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LabelSmoothing), value, "Label smoothing is at least 0 and below 1.");
    }

    /// <summary>A factor for each class, finite and at least 0. Default: empty, which is 1 for each.</summary>
    public ValueList<double> ClassWeights { get; init => field = LossGuard.ClassWeights(value, nameof(ClassWeights)); } = [];

    /// <inheritdoc/>
    public override bool TakesLabels => true;

    /// <inheritdoc/>
    public override bool TakesValues => true;

    /// <inheritdoc/>
    public override PredictionTask TaskOf(int outputs, bool hasLabels) => PredictionTask.Multiclass(outputs);

    /// <inheritdoc/>
    protected override void CheckOutputs(int outputs)
    {
        if (outputs < 2)
        {
            throw new ArgumentException(
                $"{nameof(SoftmaxCrossEntropy)} needs at least two outputs, one for each class; found {outputs}, whose probability is "
                + $"always 1. One output goes with {nameof(SigmoidBinaryCrossEntropy)} for two classes, or with {nameof(MeanSquaredError)} "
                + "for numbers.");
        }
        LossGuard.WeightForEach(ClassWeights, outputs, nameof(ClassWeights));
        double spread = LabelSmoothing / outputs;
        if ((float)(1 - LabelSmoothing + spread) == (float)spread)
        {
            throw new ArgumentException(
                $"Label smoothing of {LabelSmoothing:r} over {outputs} classes leaves nothing of the label in float; found a share of "
                + $"{1 - LabelSmoothing:g3}.");
        }
    }

    /// <inheritdoc/>
    protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
    {
        if (!gradient.IsEmpty)
            return Sum(outputs, targets, gradient, wantsGradient: true) / outputs.Rows;

        // The exponentials need a place: some rows at a time on the stack, or, of very many classes, one row that is rented.
        if (outputs.Columns > ScratchLength)
        {
            T[] rented = ArrayPool<T>.Shared.Rent(outputs.Columns);
            double sum = Sum(outputs, targets, new MatrixView<T>(rented, 1, outputs.Columns), wantsGradient: false);
            ArrayPool<T>.Shared.Return(rented);
            return sum / outputs.Rows;
        }
        Span<T> scratch = stackalloc T[ScratchLength];
        int rows = Math.Min(ScratchLength / outputs.Columns, outputs.Rows);
        return Sum(outputs, targets, new MatrixView<T>(scratch, rows, outputs.Columns), wantsGradient: false) / outputs.Rows;
    }

    /// <summary>The losses of all examples, as many rows at a time as there is place for, and as there are picked probabilities.</summary>
    private double Sum<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> place, bool wantsGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double total = 0;
        T perExample = T.CreateChecked(1.0 / outputs.Rows);
        bool oneTerm = targets.AreLabels && LabelSmoothing == 0;
        int step = Math.Min(place.Rows, BlockRows);
        for (int first = 0; first < outputs.Rows; first += step)
        {
            int count = Math.Min(step, outputs.Rows - first);
            ReadOnlyMatrixView<T> scores = outputs.SliceRows(first, count);
            MatrixView<T> block = wantsGradient ? place.SliceRows(first, count) : place.SliceRows(0, count);
            total = oneTerm
                ? OneTerm(total, targets.Labels.Slice(first, count), scores, block, perExample, wantsGradient)
                : AllTerms(total, targets, first, scores, block, perExample, wantsGradient);
        }
        return total;
    }

    /// <summary>Adds the losses of examples with one class each: minus the logarithm of its probability.</summary>
    /// <remarks>
    /// The loops over examples are methods of their own, optimized from the first call; what only calls kernels need not be, and would have
    /// the JIT read every kernel of every width that it might call.
    /// </remarks>
    private double OneTerm<T>(
        double total, ReadOnlySpan<int> labels, ReadOnlyMatrixView<T> scores, MatrixView<T> block, T perExample, bool wantsGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowReductions.Softmax(scores, block, default);
        Span<T> logs = stackalloc T[BlockRows];
        logs = logs[..labels.Length];
        Pick<T>(block, labels, logs);
        Transcendentals.Log<T>(logs, logs);
        ReadOnlySpan<double> weights = ClassWeights.AsSpan();
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
                (double greatest, double logOfSum) = Summed(scores.Row(i), probabilities.Row(i));
                loss = greatest - Precision.ToDouble(scores.Row(i)[labels[i]]) + logOfSum;
            }
            total += weight == 0 && !double.IsNaN(loss) ? 0 : weight * loss;
        }
        return total;
    }

    /// <summary>
    /// The greatest of an example's scores, and the logarithm of the sum of <c>exp(score - greatest)</c>, which is the inverse of the
    /// greatest probability. In double, since the distance of two scores may leave the range of a float, and since their sum with a large
    /// score would lose the logarithm's digits.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (double Greatest, double LogOfSum) Summed<T>(ReadOnlySpan<T> scores, ReadOnlySpan<T> probabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (Precision.ToDouble(Reduce.Max(scores)), -VectorMath.Log(Precision.ToDouble(Reduce.Max(probabilities))));

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

    /// <summary>Adds the losses of examples with a probability for each class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double AllTerms<T>(
        double total, Targets<T> targets, int first, ReadOnlyMatrixView<T> scores, MatrixView<T> block, T perExample, bool wantsGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // In double: a sum over ten thousand classes of shares that are not numbers of T would be off by a good part of the smallest.
        RowReductions.Softmax(scores, block, default);
        double scale = Precision.ToDouble(perExample);
        for (int i = 0; i < scores.Rows; i++)
        {
            var shares = new Shares<T>(targets, first + i, LabelSmoothing, scores.Columns, ClassWeights);
            ReadOnlySpan<T> row = scores.Row(i);
            Span<T> derivative = block.Row(i);
            (double greatest, double logOfSum) = Summed(row, derivative);
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
