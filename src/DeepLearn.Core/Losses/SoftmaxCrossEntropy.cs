using System.Buffers;
using System.Numerics;
using DeepLearn.Foundation;
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
/// as they are; they need not sum to 1 here, but do where a trainer is to learn from them: several labels at once go with
/// <see cref="SigmoidBinaryCrossEntropy"/>.
/// </para>
/// </remarks>
/// <example><code>
/// var scores = Matrix&lt;float&gt;.FromArray(new float[,] { { 2, 0, 0 }, { 0, 0, 0 } });
/// double loss = new SoftmaxCrossEntropy().Compute(scores, Targets&lt;float&gt;.FromLabels([0, 2]), default);
/// Console.WriteLine($"{loss:f4}");    // prints 0.6691
///
/// TrainingPlan smoothed = plan with { Loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.1 } };
/// </code></example>
public sealed record SoftmaxCrossEntropy : Loss
{
    private const int ScratchLength = 1024;

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
    protected override bool ValuesAreProbabilities => true;

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
    protected override void CheckRange(int outputs, NumberRange range)
    {
        double rest = Math.Exp(range.Least - range.Greatest);
        LossGuard.Scores(this, range, rest / (rest + outputs - 1), 1 / (1 + ((outputs - 1) * rest)));
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
        int step = Math.Min(place.Rows, LabelCrossEntropy.MostRows);
        for (int first = 0; first < outputs.Rows; first += step)
        {
            int count = Math.Min(step, outputs.Rows - first);
            ReadOnlyMatrixView<T> scores = outputs.SliceRows(first, count);
            MatrixView<T> block = wantsGradient ? place.SliceRows(first, count) : place.SliceRows(0, count);
            total = oneTerm
                ? LabelCrossEntropy.Add(
                    total, targets.Labels.Slice(first, count), ClassWeights.AsSpan(), scores, block, perExample, wantsGradient)
                : ShareCrossEntropy.Add(total, targets, LabelSmoothing, ClassWeights, first, scores, block, perExample, wantsGradient);
        }
        return total;
    }
}
