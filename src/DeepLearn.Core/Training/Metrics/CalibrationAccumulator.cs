using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// Sorts examples by their confidence; its value is the expected calibration error. See <see cref="ExpectedCalibrationError"/>.
/// </summary>
public sealed class CalibrationAccumulator : MetricAccumulator
{
    private const double Unit = 1.0 / (1L << 32);

    private readonly long[] _counts;
    private readonly long[] _right;
    private readonly long[] _confidence;

    /// <summary>Empty ranges.</summary>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="bins">The number of ranges of equal width, at least 1. Default 15.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public CalibrationAccumulator(int classes, int bins = 15)
        : this(PredictionTask.Multiclass(classes), bins)
    {
    }

    /// <summary>Empty ranges for a task.</summary>
    /// <param name="task">What is predicted: one of several classes.</param>
    /// <param name="bins">The number of ranges of equal width, at least 1. Default 15.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is too small.</exception>
    /// <exception cref="ArgumentException">The examples of the task have no class.</exception>
    public CalibrationAccumulator(PredictionTask task, int bins = 15)
        : base(task)
    {
        if (Classes == 0)
            throw new ArgumentException($"A confidence is that in a class; found {task}.", nameof(task));
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        _counts = new long[bins];
        _right = new long[bins];
        _confidence = new long[bins];
    }

    /// <summary>The ranges so far, in a value of the caller's own.</summary>
    public Calibration ToCalibration() => new([.. Enumerable.Range(0, _counts.Length).Select(Bin)]);

    /// <inheritdoc/>
    protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label)
    {
        int predicted = PredictedClass(outputs);
        double sum = 0;
        if (Task.Kind == TaskKind.Binary)
        {
            sum = 1 + VectorMath.Exp(-Math.Abs(double.CreateChecked(outputs[0])));
        }
        else
        {
            double best = double.CreateChecked(outputs[predicted]);
            foreach (T output in outputs)
                sum += VectorMath.Exp(double.CreateChecked(output) - best);
        }
        double confidence = double.IsNaN(sum) ? 1 : 1 / sum;
        int bin = Math.Max((int)Math.Ceiling(confidence * _counts.Length) - 1, 0);
        _counts[bin]++;
        _right[bin] += predicted == label ? 1 : 0;
        _confidence[bin] += (long)Math.Round(confidence / Unit);
    }

    /// <inheritdoc/>
    protected override bool TryMerge(MetricAccumulator other)
    {
        if (other is not CalibrationAccumulator calibration || calibration._counts.Length != _counts.Length)
            return false;
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += calibration._counts[i];
            _right[i] += calibration._right[i];
            _confidence[i] += calibration._confidence[i];
        }
        return true;
    }

    /// <inheritdoc/>
    protected override void ResetSums()
    {
        _counts.AsSpan().Clear();
        _right.AsSpan().Clear();
        _confidence.AsSpan().Clear();
    }

    /// <inheritdoc/>
    protected override double ComputeValue() => ToCalibration().ExpectedError;

    private CalibrationBin Bin(int i)
    {
        double n = _counts[i];
        return new((double)i / _counts.Length, (i + 1.0) / _counts.Length, _counts[i], _confidence[i] * Unit / n, _right[i] / n);
    }
}
