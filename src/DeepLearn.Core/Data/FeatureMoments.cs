using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Data;

/// <summary>
/// Collects the sums from which the mean and the variance of each feature are computed, example by example. One caller at a time.
/// </summary>
/// <remarks>
/// Bytes are summed as integers, exactly, so that the order of the examples does not matter. Other numbers are summed as differences from
/// the first one, in the order in which they come, in pairs of doubles with about 100 bits (Dekker, "A Floating-Point Technique for
/// Extending the Available Precision", 1971). So the variance of a constant feature is exactly 0, and a large mean costs no digits.
/// </remarks>
public sealed class FeatureMoments
{
    // 65,536 squares of bytes stay below 2^32, so small sums are emptied into the large ones at least that often.
    private const int FlushAfter = 65536;

    private readonly uint[] _smallSums, _smallSquares;
    private readonly long[] _sums, _squares;

    // The first number of each feature, and sums of the differences from it and of their squares.
    private readonly double[] _origins, _realSums, _realSumErrors, _realSquares, _realSquareErrors;
    private int _unflushed;
    private long _realCount;

    /// <summary>Begins with empty sums.</summary>
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
        _origins = new double[features];
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
        if (_realCount == 0)
            example.CopyTo(_origins);
        for (int i = 0; i < example.Length; i++)
        {
            (double value, double error) = Difference(example[i], _origins[i]);
            double square = value * value;
            double squareError = Math.FusedMultiplyAdd(value, value, -square) + (2 * value * error);
            AddExactly(ref _realSums[i], ref _realSumErrors[i], value, error);
            AddExactly(ref _realSquares[i], ref _realSquareErrors[i], square, squareError);
        }
        _realCount++;
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
        if (_realCount == 0)
        {
            long wholeSum = 0, wholeSquares = 0;
            foreach (int feature in features)
            {
                wholeSum += _sums[feature];
                wholeSquares += _squares[feature];
            }
            Int128 spread = ((Int128)count * wholeSquares) - ((Int128)wholeSum * wholeSum);
            return ((double)wholeSum / count, (double)spread / ((double)count * count));
        }

        // All differences from one origin, that of the first feature.
        double origin = _origins[features[0]], sum = 0, sumError = 0, squares = 0, squareError = 0;
        foreach (int feature in features)
        {
            (double shift, double shiftError) = Difference(_origins[feature], origin);
            Move(
                _realCount, shift, shiftError, _realSums[feature], _realSumErrors[feature], _realSquares[feature],
                _realSquareErrors[feature]);
            if (Count > _realCount)
                Move(Count - _realCount, -origin, 0, _sums[feature], 0, _squares[feature], 0);
        }

        // squares - mean * sum, with the mean as a pair of doubles too.
        double mean = (sum + sumError) / count;
        double remainder = Math.FusedMultiplyAdd(-mean, count, sum) + sumError;
        double product = mean * sum;
        double productError = Math.FusedMultiplyAdd(mean, sum, -product) + (mean * sumError) + (remainder / count * sum);
        AddExactly(ref squares, ref squareError, -product, -productError);
        (double high, double low) = Difference(origin, -mean);
        return (high + (low + (remainder / count)), Math.Max(0, (squares + squareError) / count));

        // Adds the sums of n numbers x + shift: n shift + sum x, and n shift^2 + 2 shift sum x + sum x^2.
        void Move(double n, double shift, double shiftError, double part, double partError, double partSquares, double partSquareError)
        {
            AddExactly(ref sum, ref sumError, part, partError);
            AddExactly(ref squares, ref squareError, partSquares, partSquareError);
            if (shift == 0)
                return;
            double added = n * shift;
            double addedError = Math.FusedMultiplyAdd(n, shift, -added) + (n * shiftError);
            AddExactly(ref sum, ref sumError, added, addedError);
            AddProduct(shift, shiftError, added, addedError);
            AddProduct(2 * shift, 2 * shiftError, part, partError);
        }

        void AddProduct(double a, double aError, double b, double bError)
        {
            double ab = a * b;
            AddExactly(ref squares, ref squareError, ab, Math.FusedMultiplyAdd(a, b, -ab) + (a * bError) + (aError * b));
        }
    }

    // a - b as a sum of two doubles, exactly (Knuth).
    private static (double High, double Low) Difference(double a, double b)
    {
        double high = a - b, part = high - a;
        return (high, (a - (high - part)) - (b + part));
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
        // Knuth's exact sum of two doubles, then the errors, then the pair normalized again.
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
