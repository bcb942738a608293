using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Data;

/// <summary>
/// The sums that the mean and the deviation of each feature are made of, gathered example by example.
/// </summary>
/// <remarks>
/// Bytes are summed as integers, so their sums are exact and the order of the examples means nothing. Other numbers are summed in
/// pairs of doubles (Dekker, "A Floating-Point Technique for Extending the Available Precision", 1971), about 100 bits, in the order in
/// which they come; there is no cancellation to fear in the variance.
/// </remarks>
public sealed class FeatureMoments
{
    // 65,536 squares of bytes stay below 2^32, so small sums are emptied into the large ones at least that often.
    private const int FlushAfter = 65536;

    private readonly uint[] _smallSums, _smallSquares;
    private readonly long[] _sums, _squares;
    private readonly double[] _realSums, _realSumErrors, _realSquares, _realSquareErrors;
    private int _unflushed;
    private bool _anyReal;

    /// <summary>Empty sums.</summary>
    /// <param name="features">The number of features, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="features"/> is below 1.</exception>
    public FeatureMoments(int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        Features = features;
        _smallSums = new uint[features];
        _smallSquares = new uint[features];
        _sums = new long[features];
        _squares = new long[features];
        _realSums = new double[features];
        _realSumErrors = new double[features];
        _realSquares = new double[features];
        _realSquareErrors = new double[features];
    }

    /// <summary>The number of features.</summary>
    public int Features { get; }

    /// <summary>The number of examples so far.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one example of bytes, exactly.</summary>
    /// <param name="example">The example, of <see cref="Features"/> bytes.</param>
    /// <exception cref="ArgumentException">The example has another length.</exception>
    public void Add(ReadOnlySpan<byte> example)
    {
        Check(example.Length);
        AddIntegers(example);
        Count++;
        if (++_unflushed == FlushAfter)
            Flush();
    }

    /// <summary>Adds one example.</summary>
    /// <param name="example">The example, of <see cref="Features"/> elements, all finite.</param>
    /// <exception cref="ArgumentException">The example has another length.</exception>
    public void Add(ReadOnlySpan<double> example)
    {
        Check(example.Length);
        for (int i = 0; i < example.Length; i++)
        {
            double value = example[i];
            double square = value * value;
            double squareError = Math.FusedMultiplyAdd(value, value, -square);
            AddExactly(ref _realSums[i], ref _realSumErrors[i], value, 0);
            AddExactly(ref _realSquares[i], ref _realSquareErrors[i], square, squareError);
        }
        _anyReal = true;
        Count++;
    }

    /// <summary>The mean and the population variance of one feature (divided by the number of examples, not by one less).</summary>
    /// <param name="feature">The feature.</param>
    /// <exception cref="InvalidOperationException">No example has been added.</exception>
    public (double Mean, double Variance) Of(int feature) => OfAll(new ReadOnlySpan<int>(in feature));

    /// <summary>The mean and the population variance of all the numbers of several features, such as the pixels of one channel.</summary>
    /// <param name="features">The features, at least one.</param>
    /// <exception cref="InvalidOperationException">No example has been added, or no feature is named.</exception>
    public (double Mean, double Variance) OfAll(ReadOnlySpan<int> features)
    {
        long count = Count * features.Length;
        if (count == 0)
            throw new InvalidOperationException($"A mean needs at least one number; found {Count} examples of {features.Length} features.");
        Flush();
        long wholeSum = 0, wholeSquares = 0;
        double sum = 0, sumError = 0, squares = 0, squareError = 0;
        foreach (int feature in features)
        {
            wholeSum += _sums[feature];
            wholeSquares += _squares[feature];
            AddExactly(ref sum, ref sumError, _realSums[feature], _realSumErrors[feature]);
            AddExactly(ref squares, ref squareError, _realSquares[feature], _realSquareErrors[feature]);
        }
        if (!_anyReal)
        {
            Int128 spread = ((Int128)count * wholeSquares) - ((Int128)wholeSum * wholeSum);
            return ((double)wholeSum / count, (double)spread / ((double)count * count));
        }
        AddExactly(ref sum, ref sumError, wholeSum, 0);
        AddExactly(ref squares, ref squareError, wholeSquares, 0);

        // squares - mean * sum, with the mean as a pair of doubles too.
        double mean = (sum + sumError) / count;
        double remainder = Math.FusedMultiplyAdd(-mean, count, sum) + sumError;
        double product = mean * sum;
        double productError = Math.FusedMultiplyAdd(mean, sum, -product) + (mean * sumError) + (remainder / count * sum);
        AddExactly(ref squares, ref squareError, -product, -productError);
        return (mean, Math.Max(0, (squares + squareError) / count));
    }

    // Whole numbers below 2^32: vectors of any width give the same sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddIntegers(ReadOnlySpan<byte> example)
    {
        int width = Vector<byte>.Count, i = 0;
        Span<uint> sums = _smallSums, squares = _smallSquares;
        for (; i <= example.Length - width; i += width)
        {
            Vector.Widen(new Vector<byte>(example[i..]), out Vector<ushort> low, out Vector<ushort> high);
            AddWidened(sums[i..], low, high);

            // 255 squared is below 2^16.
            AddWidened(squares[i..], low * low, high * high);
        }
        for (; i < example.Length; i++)
        {
            uint value = example[i];
            sums[i] += value;
            squares[i] += value * value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddWidened(Span<uint> to, Vector<ushort> low, Vector<ushort> high)
    {
        int part = Vector<uint>.Count;
        Vector.Widen(low, out Vector<uint> first, out Vector<uint> second);
        Vector.Widen(high, out Vector<uint> third, out Vector<uint> fourth);
        (new Vector<uint>(to) + first).CopyTo(to);
        (new Vector<uint>(to[part..]) + second).CopyTo(to[part..]);
        (new Vector<uint>(to[(2 * part)..]) + third).CopyTo(to[(2 * part)..]);
        (new Vector<uint>(to[(3 * part)..]) + fourth).CopyTo(to[(3 * part)..]);
    }

    private static void AddExactly(ref double high, ref double low, double value, double error)
    {
        // Knuth's exact sum of two doubles, then the errors, then the pair made tidy again.
        double sum = high + value;
        double part = sum - high;
        double lost = (high - (sum - part)) + (value - part);
        low += lost + error;
        high = sum + low;
        low -= high - sum;
    }

    private void Flush()
    {
        for (int i = 0; i < Features; i++)
        {
            _sums[i] += _smallSums[i];
            _squares[i] += _smallSquares[i];
        }
        Array.Clear(_smallSums);
        Array.Clear(_smallSquares);
        _unflushed = 0;
    }

    private void Check(int found)
    {
        if (found != Features)
            throw new ArgumentException($"An example has {Features} features; found {found}.");
    }
}
