using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Training.Metrics;

/// <summary>How many examples of each class were taken for each class, and what follows from that. An immutable value.</summary>
/// <remarks>
/// A quotient of which there is nothing to divide by is 0, as in scikit-learn: the precision of a class that was never predicted, the
/// recall of one that has no example. An average over classes ("macro") leaves out those that neither occur nor were predicted, and weighs
/// the others equally.
/// </remarks>
/// <example><code>
/// var accumulator = new ConfusionMatrixAccumulator(classes: 3);
/// var scores = Matrix&lt;float&gt;.FromArray(new float[,] { { 2, 0, 0 }, { 0, 1, 3 }, { 0, 2, 1 } });
/// accumulator.Add&lt;float&gt;(scores, [0, 1, 1]);
/// ConfusionMatrix matrix = accumulator.ToMatrix();
/// Console.WriteLine($"{matrix.Accuracy:f3}, {matrix.Recall(1):f3}");    // prints 0.667, 0.500
/// </code></example>
public sealed record ConfusionMatrix
{
    private readonly ValueList<long> _counts;

    // What the quotients are made of, where examples weigh: exact, as the counts in proportion are not. Null without weights.
    private readonly ValueList<BigInteger>? _weights;

    /// <summary>Makes a matrix of counts.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="counts">The counts, <c>[actual, predicted]</c>, row after row; each at least 0.</param>
    /// <exception cref="ArgumentException">There are not classes times classes counts, or one is negative.</exception>
    public ConfusionMatrix(int classes, ValueList<long> counts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count != (long)classes * classes)
            throw new ArgumentException($"A matrix of {classes} classes has {(long)classes * classes} counts; found {counts.Count}.");
        for (int i = 0; i < counts.Count; i++)
        {
            if (counts[i] < 0)
                throw new ArgumentException($"A count is at least 0; found {counts[i]} for actual {i / classes}, predicted {i % classes}.");
        }
        Classes = classes;
        _counts = counts;
    }

    private ConfusionMatrix(int classes, ValueList<long> counts, ValueList<BigInteger> weights)
        : this(classes, counts) => _weights = weights;

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The number of examples.</summary>
    public long Count => _counts.Sum();

    /// <summary>The part of the examples that were taken for their own class; NaN where there are none.</summary>
    public double Accuracy
    {
        get
        {
            BigInteger right = 0, all = 0;
            for (int label = 0; label < Classes; label++)
            {
                right += Cell(label, label);
                all += ActualOf(label);
            }
            return all.IsZero ? double.NaN : ExactSum.Quotient(right, all);
        }
    }

    /// <summary>The average of the precisions of the classes; 0 where there are no examples.</summary>
    public double MacroPrecision => Macro(Precision);

    /// <summary>The average of the recalls of the classes; 0 where there are no examples. Also called balanced accuracy.</summary>
    public double MacroRecall => Macro(Recall);

    /// <summary>The average of the F1 scores of the classes; 0 where there are no examples.</summary>
    public double MacroF1 => Macro(F1);

    /// <summary>How many examples of a class were taken for a class.</summary>
    /// <param name="actual">The class that they are of.</param>
    /// <param name="predicted">The class that they were taken for.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long this[int actual, int predicted] => _counts[(Check(actual) * Classes) + Check(predicted)];

    /// <summary>How many examples are of a class.</summary>
    /// <param name="label">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long Support(int label) => Enumerable.Range(0, Classes).Sum(predicted => this[label, predicted]);

    /// <summary>How many examples were taken for a class.</summary>
    /// <param name="label">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long Predicted(int label) => Enumerable.Range(0, Classes).Sum(actual => this[actual, label]);

    /// <summary>Of the examples taken for a class, the part that is of it.</summary>
    /// <param name="label">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Precision(int label) => Quotient(Cell(Check(label), label), PredictedOf(label));

    /// <summary>Of the examples of a class, the part that was taken for it.</summary>
    /// <param name="label">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Recall(int label) => Quotient(Cell(Check(label), label), ActualOf(label));

    /// <summary>The harmonic mean of precision and recall of a class.</summary>
    /// <param name="label">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double F1(int label) => Quotient(2 * Cell(Check(label), label), PredictedOf(label) + ActualOf(label));

    /// <summary>The counts as a table, a line for each actual class.</summary>
    public override string ToString()
    {
        int width = _counts.Max().ToString(System.Globalization.CultureInfo.InvariantCulture).Length + 1;
        IEnumerable<string> lines = Enumerable.Range(0, Classes).Select(actual => string.Concat(
            Enumerable.Range(0, Classes).Select(predicted =>
                this[actual, predicted].ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(width))));
        return string.Join('\n', lines);
    }

    /// <summary>
    /// A matrix of sums of weights, whole numbers of some unit. Its counts are in proportion to them, to about 60 bits; its quotients are
    /// those of the sums themselves.
    /// </summary>
    internal static ConfusionMatrix OfWeights(int classes, BigInteger[] weights)
    {
        BigInteger total = 0;
        foreach (BigInteger weight in weights)
            total += weight;
        int shift = Math.Max(0, (int)total.GetBitLength() - 61);
        return new(classes, [.. weights.Select(weight => (long)(weight >> shift))], [.. weights]);
    }

    private static double Quotient(BigInteger part, BigInteger whole) => whole.IsZero ? 0 : ExactSum.Quotient(part, whole);

    private BigInteger Cell(int actual, int predicted) =>
        _weights is null ? _counts[(actual * Classes) + predicted] : _weights[(actual * Classes) + predicted];

    private BigInteger ActualOf(int label)
    {
        if (_weights is null)
            return Support(label);
        BigInteger sum = 0;
        for (int predicted = 0; predicted < Classes; predicted++)
            sum += Cell(label, predicted);
        return sum;
    }

    private BigInteger PredictedOf(int label)
    {
        if (_weights is null)
            return Predicted(label);
        BigInteger sum = 0;
        for (int actual = 0; actual < Classes; actual++)
            sum += Cell(actual, label);
        return sum;
    }

    private double Macro(Func<int, double> measure)
    {
        int[] present = [.. Enumerable.Range(0, Classes).Where(label => !ActualOf(label).IsZero || !PredictedOf(label).IsZero)];
        return present.Length == 0 ? 0 : present.Average(measure);
    }

    private int Check(int label) =>
        (uint)label < (uint)Classes
            ? label
            : throw new ArgumentOutOfRangeException(nameof(label), label, $"A class is from 0 to {Classes - 1}.");
}
