using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// A density over the positions of some dimensions: a mixture of one product of kernels for each observation and one for the prior. A kernel is a
/// normal density cut off at 0 and 1, or for choices a table.
/// </summary>
internal sealed class ParzenEstimator
{
    private static readonly double LogOfSquareRootOfTwoPi = VectorMath.Log(2 * Math.PI) / 2;

    private readonly Dimension[] _dimensions;
    private readonly int[] _columns;
    private readonly double[][] _observations;
    private readonly double[] _deviations;
    private readonly double[] _logNorms;

    /// <summary>A density.</summary>
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

        // Scott's rule for d dimensions, n^(-1/(d+4)), from a tenth of the range; not below the range over the number of kernels, at most 100.
        double scott = 0.1 * VectorMath.Pow(Math.Max(1, count), -1.0 / (width + 4));
        double floor = 1 / Math.Min(100.0, 2 + count);
        for (int j = 0; j < width; j++)
            _deviations[j] = Math.Max(Math.Max(scott, floor), dimensions[j].ValueCount < 1e6 ? 0.5 / dimensions[j].ValueCount : 0);

        // A kernel's logarithm at its middle; the last is the prior's.
        _logNorms = new double[count + 1];
        for (int i = 0; i <= count; i++)
        {
            for (int j = 0; j < width; j++)
            {
                if (dimensions[j] is CategoricalDimension)
                    continue;
                (double mean, double deviation) = KernelOf(i, j);
                double mass = Gaussian.Cumulative((1 - mean) / deviation) - Gaussian.Cumulative(-mean / deviation);
                _logNorms[i] -= VectorMath.Log(deviation * mass) + LogOfSquareRootOfTwoPi;
            }
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
                (double mean, double deviation) = KernelOf(kernel, j);
                position[j] = Gaussian.NextInUnit(mean, deviation, ref random);
            }

            // Where the dimension has steps, the density is asked for at the value that comes of it.
            position[j] = _dimensions[j].PositionOf(_dimensions[j].At(position[j]));
        }
        return position;
    }

    /// <summary>The logarithm of the density at a position.</summary>
    /// <param name="position">The position, for each of the dimensions.</param>
    public double LogDensity(ReadOnlySpan<double> position)
    {
        int count = _observations.Length;
        var logs = new double[count + 1];
        double greatest = double.NegativeInfinity;
        for (int i = 0; i <= count; i++)
        {
            double log = _logNorms[i];
            for (int j = 0; j < position.Length; j++)
            {
                if (_dimensions[j] is CategoricalDimension choices)
                {
                    log += VectorMath.Log(ChoiceProbability(choices, i, j, position[j]));
                }
                else
                {
                    (double mean, double deviation) = KernelOf(i, j);
                    double distance = (position[j] - mean) / deviation;
                    log -= 0.5 * distance * distance;
                }
            }
            logs[i] = log;
            greatest = Math.Max(greatest, log);
        }
        double sum = 0;
        foreach (double log in logs)
            sum += VectorMath.Exp(log - greatest);
        return greatest + VectorMath.Log(sum / (count + 1));
    }

    private (double Mean, double Deviation) KernelOf(int kernel, int dimension) => kernel < _observations.Length
        ? (_observations[kernel][_columns[dimension]], _deviations[dimension])
        : (0.5, 1);

    private double ChoiceProbability(CategoricalDimension choices, int kernel, int dimension, double position)
    {
        double even = 1.0 / choices.Choices.Count;
        if (kernel == _observations.Length)
            return even;
        double kept = Kept(choices);
        return ((1 - kept) * even) + (_observations[kernel][_columns[dimension]] == position ? kept : 0);
    }

    // How much of a kernel stays with its own choice: the prior's share of one observation is spread over all choices.
    private double Kept(CategoricalDimension choices) => 1 / (1 + (choices.Choices.Count / (double)(_observations.Length + 1)));
}
