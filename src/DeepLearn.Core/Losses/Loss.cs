using System.Numerics;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// Measures how far a network's outputs are from the targets: the mean over the batch, which training minimizes. An immutable value.
/// </summary>
/// <remarks>
/// It is always the plain mean over the examples. So the loss of a data set is the mean of the losses of its batches, weighted by their
/// sizes. Class weights are factors on each example's loss, and the sum is still divided by the number of examples; PyTorch divides by the
/// sum of the weights, which differs from batch to batch. Weights of examples (<see cref="Targets{T}.Weights"/>), which every loss takes,
/// are such factors too, as Keras's sample weights. Scores that are not finite give the limit of the formula, with 0 * infinity
/// counted as 0; where there is no limit, NaN.
/// </remarks>
/// <example><code>
/// // A loss of your own: log(cosh(error)). LogCoshElement is the example of IElementLoss.
/// sealed record LogCosh : Loss
/// {
///     public override bool TakesLabels => false;          // class labels: no
///
///     public override bool TakesValues => true;           // numbers: yes
///
///     protected override double ComputeChecked&lt;T&gt;(
///         ReadOnlyMatrixView&lt;T&gt; outputs, Targets&lt;T&gt; targets, MatrixView&lt;T&gt; gradient) =>
///         ElementwiseLoss.Compute(new LogCoshElement(), OutputReduction.Mean, outputs, targets, gradient);
/// }
/// </code></example>
public abstract record Loss
{
    /// <summary>Whether the loss takes class labels as targets.</summary>
    public abstract bool TakesLabels { get; }

    /// <summary>Whether the loss takes rows of numbers as targets: for regression, or probabilities of classes.</summary>
    public abstract bool TakesValues { get; }

    /// <summary>The mean loss of a batch and, where it is wanted, its gradient with respect to the outputs, in one pass.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="outputs">The network's outputs, <c>[batch, outputs]</c>.</param>
    /// <param name="targets">What they should have been.</param>
    /// <param name="gradient">
    /// Where the gradient of the mean goes, <c>[batch, outputs]</c>, all of which is written; empty where it is not wanted.
    /// </param>
    /// <returns>The mean over the examples, summed in double in the order of the batch.</returns>
    /// <exception cref="ArgumentException">The shapes or targets do not fit. Nothing has been written then.</exception>
    public double Compute<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(outputs, targets, gradient);
        return targets.Weights.IsEmpty ? ComputeChecked(outputs, targets, gradient) : ComputeWeighted(outputs, targets, gradient);
    }

    /// <summary>
    /// Throws unless the loss can compare a network's outputs with the targets of a data set. A trainer calls it once, before training.
    /// Rows of numbers are compared where the examples have them and the loss takes them, class labels otherwise, of as many classes as the
    /// outputs tell apart.
    /// </summary>
    /// <param name="outputs">The number of outputs of the network.</param>
    /// <param name="classes">The number of classes of the data set; 0 where its examples have no labels.</param>
    /// <param name="targetWidth">The number of real-valued targets of an example; 0 where there are none.</param>
    /// <exception cref="ArgumentException">They do not fit; the message says what was expected and what was found.</exception>
    public void RequireFit(int outputs, int classes, int targetWidth)
    {
        if (outputs < 1)
            throw new ArgumentException($"{this} needs at least one output; found {outputs}.");
        CheckOutputs(outputs);
        if (TakesValues && targetWidth > 0)
        {
            if (targetWidth != ValuesWidth(outputs))
            {
                throw new ArgumentException(
                    $"{this} of {outputs} outputs takes rows of {ValuesWidth(outputs)} numbers as targets; the data set has "
                    + $"{targetWidth}.");
            }
        }
        else if (TakesLabels && classes > 0)
        {
            if (classes != ClassCount(outputs))
            {
                throw new ArgumentException(
                    $"{this} of {outputs} outputs takes labels of {ClassCount(outputs)} classes; the data set has {classes}.");
            }
        }
        else
        {
            string takes = TakesLabels ? TakesValues ? "class labels or rows of numbers" : "class labels" : "rows of numbers";
            string found = classes > 0 ? "class labels" : targetWidth > 0 ? "rows of numbers" : "none";
            string hint = classes > 0
                ? $"Labels go with {nameof(SoftmaxCrossEntropy)}; two classes and one output with {nameof(SigmoidBinaryCrossEntropy)}."
                : targetWidth > 0 ? $"Numbers go with {nameof(MeanSquaredError)}."
                : "Without labels and targets there is nothing to learn from.";
            throw new ArgumentException($"{this} takes {takes} as targets; the data set has {found}. {hint}");
        }
    }

    /// <summary>
    /// Throws as <see cref="RequireFit(int, int, int)"/>, and where outputs that stay in a range cannot be what the loss takes: those of a
    /// sigmoid are not the scores that it makes probabilities of itself.
    /// </summary>
    /// <param name="outputs">The number of outputs of the network.</param>
    /// <param name="classes">The number of classes of the data set; 0 where its examples have no labels.</param>
    /// <param name="targetWidth">The number of real-valued targets of an example; 0 where there are none.</param>
    /// <param name="range">The range that the outputs stay in, whatever the weights.</param>
    /// <exception cref="ArgumentException">They do not fit; the message says what was expected and what was found.</exception>
    public void RequireFit(int outputs, int classes, int targetWidth, NumberRange range)
    {
        RequireFit(outputs, classes, targetWidth);
        CheckRange(outputs, range);
    }

    /// <summary>
    /// Whether the loss of an example is least where the outputs are its row of numbers. Then targets that the outputs cannot reach, as
    /// those above 1 of a network that ends in a sigmoid, are refused before training. By default not.
    /// </summary>
    public virtual bool IsLeastAtTarget => false;

    /// <summary>
    /// What outputs predict that are trained with this loss, so that measures know which of them mean anything. By default one of several
    /// classes where the targets are labels, and numbers otherwise.
    /// </summary>
    /// <param name="outputs">The number of outputs of the network.</param>
    /// <param name="hasLabels">Whether the targets are class labels; rows of numbers otherwise.</param>
    public virtual PredictionTask TaskOf(int outputs, bool hasLabels) =>
        hasLabels ? PredictionTask.Multiclass(outputs) : PredictionTask.Regression(outputs);

    /// <summary>Does what <see cref="Compute"/> says, with arguments whose shapes and labels have been checked.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="outputs">The network's outputs, <c>[batch, outputs]</c>, at least one row.</param>
    /// <param name="targets">What they should have been: as many, labels within the outputs, rows of the outputs' width.</param>
    /// <param name="gradient">Where the gradient goes, of the outputs' shape; empty where it is not wanted.</param>
    protected abstract double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The width of a row of values for outputs of a width. By default the same.</summary>
    /// <param name="outputs">The number of outputs of the network.</param>
    protected virtual int ValuesWidth(int outputs) => outputs;

    /// <summary>The number of classes that labels choose from, for outputs of a width. By default one for each output.</summary>
    /// <param name="outputs">The number of outputs of the network.</param>
    protected virtual int ClassCount(int outputs) => outputs;

    /// <summary>
    /// Whether rows of numbers are probabilities, from 0 to 1: then others are refused, as the targets of a regression are that was given a
    /// loss of classes. By default not.
    /// </summary>
    protected virtual bool ValuesAreProbabilities => false;

    /// <summary>The same, for the checks before training.</summary>
    internal bool TakesProbabilities => ValuesAreProbabilities;

    /// <summary>
    /// Throws where the options do not go with the number of outputs, as a weight for each class may not. By default they do.
    /// </summary>
    /// <param name="outputs">The number of outputs of the network.</param>
    /// <exception cref="ArgumentException">They do not; the message says what was expected and what was found.</exception>
    protected virtual void CheckOutputs(int outputs)
    {
    }

    /// <summary>Throws where outputs that stay in a range cannot be what the loss takes. By default they can.</summary>
    /// <param name="outputs">The number of outputs of the network.</param>
    /// <param name="range">The range that the outputs stay in, whatever the weights.</param>
    /// <exception cref="ArgumentException">They cannot; the message says what was expected and what was found.</exception>
    protected virtual void CheckRange(int outputs, NumberRange range)
    {
    }

    /// <summary>The type of the value, which equality compares first: that of the object, in languages that have no records too.</summary>
    protected virtual Type EqualityContract => GetType();

    /// <summary>The type and its options; a record of yours prints its properties.</summary>
    public override string ToString() => PartText.Describe(this, PrintMembers);

    /// <summary>Writes what the value was made of, without what follows from that: by default nothing.</summary>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return PartText.AppendType(this, builder);
    }

    /// <summary>
    /// The mean of the weighted losses: runs of examples that weigh the same are computed together. What an example of weight 0 has for a
    /// loss does not matter.
    /// </summary>
    private double ComputeWeighted<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double total = 0;
        for (int first = 0, count; first < outputs.Rows; first += count)
        {
            double weight = targets.Weights[first];
            count = 1;
            while (first + count < outputs.Rows && targets.Weights[first + count] == weight)
                count++;
            MatrixView<T> some = gradient.IsEmpty ? default : gradient.SliceRows(first, count);
            double share = weight * count / outputs.Rows;
            if (share > 0)
                total += share * ComputeChecked(outputs.SliceRows(first, count), targets.Slice(first, count), some);
            for (int row = 0; row < some.Rows; row++)
            {
                if (share > 0)
                    Arithmetic.Scale(some.Row(row), T.CreateChecked(share), some.Row(row));
                else
                    some.Row(row).Clear();
            }
        }
        return total;
    }

    // What rounding makes of a sum of shares, such as that of two examples that are mixed, is let through.
    private void CheckProbabilities<T>(ReadOnlyMatrixView<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const double Tolerance = 1e-6;
        T least = T.CreateChecked(-Tolerance), greatest = T.CreateChecked(1 + Tolerance);
        if (values.IsContiguous && AreWithin(values.AsSpan()))
            return;
        for (int row = 0; row < values.Rows; row++)
        {
            if (AreWithin(values.Row(row)))
                continue;
            foreach (T value in values.Row(row))
            {
                if (!(value >= least && value <= greatest))
                {
                    throw new ArgumentException(
                        $"{this}: targets are probabilities, from 0 to 1; found {value} at example {row}. Numbers go with "
                        + $"{nameof(MeanSquaredError)}.");
                }
            }
        }

        bool AreWithin(ReadOnlySpan<T> some) => Reduce.Min(some) >= least && Reduce.Max(some) <= greatest;
    }

    private void Check<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (outputs.IsEmpty)
            throw new ArgumentException($"{this} needs at least one example and one output; found {outputs.ToString()}.");
        if (!gradient.IsEmpty && (gradient.Rows != outputs.Rows || gradient.Columns != outputs.Columns))
            throw new ArgumentException($"{this}: the gradient is of the outputs' {outputs.ToString()}; found {gradient.ToString()}.");
        CheckOutputs(outputs.Columns);
        if (targets.Count != outputs.Rows)
            throw new ArgumentException($"{this}: {outputs.Rows} outputs need as many targets; found {targets.Count}.");
        if (!targets.Weights.IsEmpty && targets.Weights.Length != outputs.Rows)
            throw new ArgumentException($"{this}: {outputs.Rows} examples have as many weights; found {targets.Weights.Length}.");
        for (int i = 0; i < targets.Weights.Length; i++)
        {
            if (!(targets.Weights[i] >= 0 && double.IsFinite(targets.Weights[i])))
                throw new ArgumentException($"{this}: a weight is finite and at least 0; found {targets.Weights[i]} at example {i}.");
        }
        if (targets.AreLabels)
        {
            if (!TakesLabels)
                throw new ArgumentException($"{this} takes rows of numbers as targets; found class labels.");
            int classes = ClassCount(outputs.Columns);
            for (int i = 0; i < targets.Labels.Length; i++)
            {
                if ((uint)targets.Labels[i] >= (uint)classes)
                    throw new ArgumentException($"{this}: a label is from 0 to {classes - 1}; found {targets.Labels[i]} at example {i}.");
            }
        }
        else
        {
            if (!TakesValues)
                throw new ArgumentException($"{this} takes class labels as targets; found rows of numbers.");
            int width = ValuesWidth(outputs.Columns);
            if (targets.Values.Columns != width)
                throw new ArgumentException($"{this}: a row of targets has {width} numbers; found {targets.Values.Columns}.");
            if (ValuesAreProbabilities)
                CheckProbabilities(targets.Values);
        }
    }
}
