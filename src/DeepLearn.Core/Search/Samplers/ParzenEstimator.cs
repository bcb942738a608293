using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// A density over the positions of some dimensions: a mixture of one product of kernels for each observation and one for the prior. A
/// kernel is a normal density cut off at 0 and 1, or for choices a table.
/// </summary>
internal sealed class ParzenEstimator
{
    private const double PriorMean = 0.5;
    private const double PriorDeviation = 1;

    private static readonly double LogOfSquareRootOfTwoPi = VectorMath.Log(2 * Math.PI) / 2;
    private static readonly double LogMassOfPrior = VectorMath.Log(
        Gaussian.Cumulative((1 - PriorMean) / PriorDeviation) - Gaussian.Cumulative(-PriorMean / PriorDeviation));

    private readonly Dimension[] _dimensions;
    private readonly int[] _columns;
    private readonly double[][] _observations;
    private readonly double[] _deviations;
    private readonly double[][] _means;
    private readonly double[] _logNorms;
    private readonly double[] _logs;

    /// <summary>Makes a density.</summary>
    /// <param name="dimensions">The dimensions.</param>
    /// <param name="columns">Where their positions stand in an observation.</param>
    /// <param name="observations">The positions of trials that have all these dimensions.</param>
    public ParzenEstimator(Dimension[] dimensions, int[] columns, double[][] observations)
    {
        _dimensions = dimensions;
        _columns = columns;
        _observations = observations;
        int count = observations.Length, width = dimensions.Length;
        _deviations = new double[width];

        // Scott's rule for d dimensions, n^(-1/(d+4)), of the range; not below the range over the number of kernels, at most 100. Both
        // factors are measured (ratios search): wider kernels find less with few good trials, narrower ones stay where they began.
        double scott = 0.07 * VectorMath.Pow(Math.Max(1, count), -1.0 / (width + 4));
        double floor = 0.7 / Math.Min(100.0, 2 + count);
        for (int j = 0; j < width; j++)
            _deviations[j] = Math.Max(Math.Max(scott, floor), dimensions[j].ValueCount < 1e6 ? 0.5 / dimensions[j].ValueCount : 0);

        // A kernel's logarithm at its middle; the last is the prior's. Positions by dimension, since they are read so for every candidate.
        _means = new double[width][];
        _logNorms = new double[count + 1];
        _logs = new double[count + 1];
        for (int j = 0; j < width; j++)
        {
            _means[j] = [.. observations.Select(observation => observation[columns[j]])];
            if (dimensions[j] is CategoricalDimension)
                continue;
            double logDeviation = VectorMath.Log(_deviations[j]);
            Map.Apply(
                new ParzenNorm(_deviations[j], logDeviation, LogOfSquareRootOfTwoPi), _means[j], _logNorms.AsSpan(0, count),
                _logNorms.AsSpan(0, count));
            _logNorms[count] -= LogMassOfPrior + LogOfSquareRootOfTwoPi;
        }
    }

    /// <summary>A position drawn from the density, for each of its dimensions.</summary>
    /// <param name="random">The random numbers.</param>
    public double[] Sample(ref RandomStream random)
    {
        int kernel = random.NextIndex(_observations.Length + 1);
        var position = new double[_dimensions.Length];
        for (int j = 0; j < position.Length; j++)
        {
            if (_dimensions[j] is CategoricalDimension choices)
            {
                bool keeps = kernel < _observations.Length && random.NextUniform() < Kept(choices);
                position[j] = keeps ? _observations[kernel][_columns[j]] : random.NextUniform();
            }
            else
            {
                (double mean, double deviation) = kernel < _observations.Length
                    ? (_means[j][kernel], _deviations[j])
                    : (PriorMean, PriorDeviation);
                position[j] = Gaussian.NextInUnit(mean, deviation, ref random);
            }

            // If the dimension has steps, the density is evaluated at the value that the position stands for.
            position[j] = _dimensions[j].PositionOf(_dimensions[j].At(position[j]));
        }
        return position;
    }

    /// <summary>The logarithm of the density at a position. To be called by one thread at a time.</summary>
    /// <param name="position">The position, for each of the dimensions.</param>
    public double LogDensity(ReadOnlySpan<double> position)
    {
        int count = _observations.Length;
        _logNorms.CopyTo(_logs, 0);
        Span<double> logs = _logs.AsSpan(0, count);
        for (int j = 0; j < position.Length; j++)
        {
            double at = position[j];
            ReadOnlySpan<double> means = _means[j];
            if (_dimensions[j] is CategoricalDimension choices)
            {
                double even = 1.0 / choices.Choices.Count, kept = Kept(choices);
                double same = VectorMath.Log(((1 - kept) * even) + kept), other = VectorMath.Log((1 - kept) * even);
                for (int i = 0; i < count; i++)
                    logs[i] += means[i] == at ? same : other;
                _logs[count] += VectorMath.Log(even);
            }
            else
            {
                Map.Apply(new ParzenDistance(at, 1 / _deviations[j]), means, logs, logs);
                _logs[count] -= 0.5 * (at - PriorMean) * (at - PriorMean);
            }
        }
        return LogOfMeanOfExponentials(_logs);
    }

    // Works in place. The sum goes from the first to the last.
    private static double LogOfMeanOfExponentials(Span<double> logs)
    {
        double greatest = Reduce.Max<double>(logs), sum = 0;

        // What is e^-50 of the greatest changes no bit that matters.
        int left = 0;
        foreach (double log in logs)
        {
            if (log - greatest > -50)
                logs[left++] = log - greatest;
        }
        Transcendentals.Exp<double>(logs[..left], logs[..left]);
        foreach (double part in logs[..left])
            sum += part;
        return greatest + VectorMath.Log(sum / logs.Length);
    }

    // How much of a kernel stays with its own choice: the prior's share of one observation is spread over all choices.
    private double Kept(CategoricalDimension choices) => 1 / (1 + (choices.Choices.Count / (double)(_observations.Length + 1)));
}
