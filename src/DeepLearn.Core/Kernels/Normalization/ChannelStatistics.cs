using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// What batch normalization computes for each channel between its sweeps: the sums of the blocks, combined in double precision, and the
/// factors and summands of the next sweep.
/// </summary>
/// <remarks>
/// If a mean is large, its rounding to T may be more than the standard deviation. So the rounding error is kept, and corrected in the
/// summand of each sweep: <c>(x - mean) * factor + shift = (x - rounded) * factor + (shift - (mean - rounded) * factor)</c>.
/// </remarks>
internal sealed class ChannelStatistics<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _channels;
    private readonly double _epsilon;
    private readonly Matrix<T> _firsts;
    private readonly Matrix<T> _rests;
    private readonly Matrix<T> _seconds;
    private readonly double[] _means;
    private readonly double[] _variances;
    private readonly double[] _sums;
    private readonly double[] _products;
    private readonly double[] _roundedOff;
    private readonly T[] _mean;
    private readonly T[] _standardDeviation;
    private readonly T[] _factor;
    private readonly T[] _summand;
    private readonly T[] _gradientFactor;
    private readonly T[] _derivative;
    private readonly T[] _gradientSummand;

    /// <param name="blocks">The most blocks of a batch; 0 where no statistics are taken.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    public ChannelStatistics(int blocks, int channels, double epsilon)
    {
        (_channels, _epsilon, OfBatches) = (channels, epsilon, blocks > 0);
        int ofBatch = OfBatches ? channels : 0;
        (_firsts, _rests, _seconds) = (new(blocks, channels), new(blocks, channels), new(blocks, channels));
        (_means, _variances, _sums, _products) = (new double[ofBatch], new double[ofBatch], new double[ofBatch], new double[ofBatch]);
        _roundedOff = new double[channels];
        (_mean, _standardDeviation, _factor, _summand) = (new T[channels], new T[channels], new T[channels], new T[channels]);
        (_gradientFactor, _derivative, _gradientSummand) = (new T[ofBatch], new T[ofBatch], new T[ofBatch]);
    }

    /// <summary>Whether there is memory for statistics of batches.</summary>
    public bool OfBatches { get; }

    /// <summary>For each block and channel: a number near the mean, or the sum of the gradients.</summary>
    public Span<T> Firsts => _firsts.AsSpan();

    /// <summary>For each block and channel: the sum of what differs from that number.</summary>
    public Span<T> Rests => _rests.AsSpan();

    /// <summary>For each block and channel: the squares of what differs from it, or the products.</summary>
    public Span<T> Seconds => _seconds.AsSpan();

    /// <summary>The means of the last batch.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>The variances of the last batch.</summary>
    public ReadOnlySpan<double> Variances => _variances;

    /// <summary>The means that the next sweep takes away, rounded to T.</summary>
    public Span<T> Mean => _mean;

    /// <summary>The factors of the normalization.</summary>
    public Span<T> Factor => _factor;

    /// <summary>What the normalization adds.</summary>
    public Span<T> Summand => _summand;

    /// <summary>The factors of the output's gradient in that of the input.</summary>
    public Span<T> GradientFactor => _gradientFactor;

    /// <summary>The factors of <c>x - mean</c> in the gradient of the input.</summary>
    public Span<T> Derivative => _derivative;

    /// <summary>What is added in the gradient of the input.</summary>
    public Span<T> GradientSummand => _gradientSummand;

    /// <summary>The bytes of memory held here.</summary>
    public long MemoryInBytes =>
        (Unsafe.SizeOf<T>() * ((3L * _firsts.Count) + (4L * _channels) + (3L * _derivative.Length)))
        + (sizeof(double) * ((4L * _means.Length) + _channels));

    /// <summary>Puts the blocks' means and squares together.</summary>
    public void Combine(ExampleBlocks blocks, int positions)
    {
        Array.Clear(_means);
        Array.Clear(_variances);
        double count = 0;
        for (int block = 0; block < blocks.Count; block++)
        {
            double added = (double)blocks.Size(block) * positions, share = 1 / added;
            double fraction = added / (count + added), spread = count * fraction;
            BlockCombination<T>.AddMoments(
                _firsts.Row(block), _rests.Row(block), _seconds.Row(block), new(share, fraction, spread), _means, _variances);
            count += added;
        }
        for (int c = 0; c < _channels; c++)
            _variances[c] = _variances[c] < 0 ? 0 : _variances[c] / count;
        Round();
    }

    /// <summary>Whether all variances are finite.</summary>
    public bool AreFinite
    {
        get
        {
            bool areFinite = true;
            foreach (double variance in _variances)
                areFinite &= double.IsFinite(variance);
            return areFinite;
        }
    }

    /// <summary>Takes the statistics of a batch again, whose squares left the range of T.</summary>
    public void TakeInDouble(ReadOnlyMatrixView<T> input)
    {
        Array.Clear(_means);
        Array.Clear(_variances);
        double count = (double)input.Rows * input.Columns / _channels;
        for (int row = 0; row < input.Rows; row++)
        {
            ReadOnlySpan<T> numbers = input.Row(row);
            for (int j = 0; j < numbers.Length; j++)
                _means[j % _channels] += Precision.ToDouble(numbers[j]) / count;
        }
        for (int row = 0; row < input.Rows; row++)
        {
            ReadOnlySpan<T> numbers = input.Row(row);
            for (int j = 0; j < numbers.Length; j++)
            {
                double difference = Precision.ToDouble(numbers[j]) - _means[j % _channels];
                _variances[j % _channels] += difference * difference / count;
            }
        }
        Round();
    }

    private void Round()
    {
        for (int c = 0; c < _channels; c++)
        {
            _mean[c] = Precision.FromDouble<T>(_means[c]);
            _roundedOff[c] = _means[c] - Precision.ToDouble(_mean[c]);
            _standardDeviation[c] = Precision.FromDouble<T>(Math.Sqrt(_variances[c] + _epsilon));
        }
    }

    /// <summary>Takes statistics that are given.</summary>
    public void Take(ReadOnlySpan<T> mean, ReadOnlySpan<T> variance)
    {
        mean.CopyTo(_mean);
        Array.Clear(_roundedOff);
        for (int c = 0; c < _channels; c++)
            _standardDeviation[c] = Precision.FromDouble<T>(Math.Sqrt(Precision.ToDouble(variance[c]) + _epsilon));
    }

    /// <summary>Factor and summand of the normalization.</summary>
    public void SpreadNormalization(ReadOnlySpan<T> scale, ReadOnlySpan<T> shift)
    {
        for (int c = 0; c < _channels; c++)
        {
            _factor[c] = scale[c] / _standardDeviation[c];
            _summand[c] = _roundedOff[c] == 0
                ? shift[c]
                : Precision.FromDouble<T>(Precision.ToDouble(shift[c]) - (_roundedOff[c] * Precision.ToDouble(_factor[c])));
        }
    }

    /// <summary>Adds up what the blocks summed of the gradients.</summary>
    public void SumUp(int blocks)
    {
        Array.Clear(_sums);
        Array.Clear(_products);
        for (int block = 0; block < blocks; block++)
        {
            BlockCombination<T>.Add(_firsts.Row(block), _sums);
            BlockCombination<T>.Add(_seconds.Row(block), _products);
        }
        for (int c = 0; c < _channels; c++)
            _products[c] -= _roundedOff[c] * _sums[c];
    }

    /// <summary>The gradient of the input as factors and summands for each channel.</summary>
    public void SpreadGradient(ReadOnlySpan<T> scale, double count)
    {
        for (int c = 0; c < _channels; c++)
        {
            double deviation = Precision.ToDouble(_standardDeviation[c]), factor = Precision.ToDouble(scale[c]) / deviation;
            double derivative = -factor * (_products[c] / count) / (deviation * deviation);
            _gradientFactor[c] = Precision.FromDouble<T>(factor);
            _derivative[c] = Precision.FromDouble<T>(derivative);
            _gradientSummand[c] = Precision.FromDouble<T>((-factor * (_sums[c] / count)) - (derivative * _roundedOff[c]));
        }
    }

    /// <summary>Writes the gradients of the parameters.</summary>
    public void WriteGradients(Span<T> scaleGradient, Span<T> shiftGradient)
    {
        for (int c = 0; c < _channels; c++)
        {
            scaleGradient[c] = Precision.FromDouble<T>(_products[c] / Precision.ToDouble(_standardDeviation[c]));
            shiftGradient[c] = Precision.FromDouble<T>(_sums[c]);
        }
    }
}
