using DeepLearn.Foundation;
using DeepLearn.Kernels;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// The normal distribution of CMA-ES with its evolution paths: a value, replaced after each generation. The names are those of Hansen's
/// tutorial.
/// </summary>
internal sealed class CmaState
{
    private readonly int _size;
    private readonly double[] _mean;
    private readonly double _sigma;
    private readonly double[] _covariance;
    private readonly double[] _pathOfSigma;
    private readonly double[] _pathOfCovariance;
    private readonly int _generation;
    private readonly double[] _axes;
    private readonly double[] _lengths;

    private CmaState(
        int size, double[] mean, double sigma, double[] covariance, double[] pathOfSigma, double[] pathOfCovariance, int generation,
        int population)
    {
        _size = size;
        _mean = mean;
        _sigma = sigma;
        _covariance = covariance;
        _pathOfSigma = pathOfSigma;
        _pathOfCovariance = pathOfCovariance;
        _generation = generation;
        Population = population;
        double[] values = SymmetricEigen.Decompose(covariance, size, out _axes);
        _lengths = [.. values.Select(value => Math.Sqrt(Math.Max(value, 1e-20)))];
    }

    /// <summary>The number of points of a generation.</summary>
    public int Population { get; }

    /// <summary>Whether the distribution has shrunk, or been stretched, so far that a restart is due.</summary>
    public bool IsSpent => _sigma * _lengths.Max() < 1e-9 || _lengths.Max() > 1e7 * _lengths.Min();

    /// <summary>The state at the start.</summary>
    /// <param name="size">The number of dimensions.</param>
    /// <param name="sigma">The standard deviation, on the scale of positions.</param>
    /// <param name="mean">The middle.</param>
    /// <param name="population">The number of points of a generation.</param>
    public static CmaState Start(int size, double sigma, double[] mean, int population)
    {
        var identity = new double[size * size];
        for (int i = 0; i < size; i++)
            identity[(i * size) + i] = 1;
        return new(size, mean, sigma, identity, new double[size], new double[size], 0, population);
    }

    /// <summary>A point of the distribution within the unit cube: drawn until it is there, and after that clipped.</summary>
    public double[] Sample(ref RandomStream random)
    {
        var point = new double[_size];
        for (int attempt = 0; attempt < 100; attempt++)
        {
            double[] z = new double[_size];
            for (int j = 0; j < _size; j++)
                z[j] = _lengths[j] * Gaussian.Next(ref random);
            bool isInside = true;
            for (int i = 0; i < _size; i++)
            {
                double sum = 0;
                for (int j = 0; j < _size; j++)
                    sum += _axes[(i * _size) + j] * z[j];
                point[i] = _mean[i] + (_sigma * sum);
                isInside &= point[i] is >= 0 and <= 1;
            }
            if (isInside)
                return point;
        }
        for (int i = 0; i < _size; i++)
            point[i] = Math.Clamp(point[i], 0, 1);
        return point;
    }

    /// <summary>The state after a generation.</summary>
    /// <param name="points">Its points, from best to worst.</param>
    public CmaState Next(double[][] points)
    {
        int n = _size, lambda = points.Length, mu = lambda / 2;
        double[] raw = [.. Enumerable.Range(1, lambda).Select(i => VectorMath.Log((lambda + 1) / 2.0) - VectorMath.Log((double)i))];
        double positive = raw.Take(mu).Sum(), muEff = positive * positive / raw.Take(mu).Sum(w => w * w);
        double negative = raw.Skip(mu).Sum(), muEffMinus = negative * negative / raw.Skip(mu).Sum(w => w * w);
        double cSigma = (muEff + 2) / (n + muEff + 5);
        double dSigma = 1 + (2 * Math.Max(0, Math.Sqrt((muEff - 1) / (n + 1)) - 1)) + cSigma;
        double cc = (4 + (muEff / n)) / (n + 4 + (2 * muEff / n));
        double c1 = 2 / (((n + 1.3) * (n + 1.3)) + muEff);
        double cmu = Math.Min(1 - c1, 2 * (0.25 + muEff - 2 + (1 / muEff)) / (((n + 2.0) * (n + 2.0)) + muEff));
        double scaleMinus = Math.Min(Math.Min(1 + (c1 / cmu), 1 + (2 * muEffMinus / (muEff + 2))), (1 - c1 - cmu) / (n * cmu));
        double[] weights = [.. raw.Select((w, i) => i < mu ? w / positive : scaleMinus * w / -negative)];
        double chi = Math.Sqrt(n) * (1 - (1 / (4.0 * n)) + (1 / (21.0 * n * n)));

        double[][] steps = [.. points.Select(point => Enumerable.Range(0, n).Select(i => (point[i] - _mean[i]) / _sigma).ToArray())];
        var step = new double[n];
        for (int k = 0; k < mu; k++)
        {
            for (int i = 0; i < n; i++)
                step[i] += weights[k] * steps[k][i];
        }
        double[] whitened = Whiten(step);
        var pathOfSigma = new double[n];
        double squared = 0;
        for (int i = 0; i < n; i++)
        {
            pathOfSigma[i] = ((1 - cSigma) * _pathOfSigma[i]) + (Math.Sqrt(cSigma * (2 - cSigma) * muEff) * whitened[i]);
            squared += pathOfSigma[i] * pathOfSigma[i];
        }
        double length = Math.Sqrt(squared);
        double correction = Math.Sqrt(1 - VectorMath.Pow(1 - cSigma, 2.0 * (_generation + 1)));
        double h = length / correction < (1.4 + (2 / (n + 1.0))) * chi ? 1 : 0;
        var pathOfCovariance = new double[n];
        for (int i = 0; i < n; i++)
            pathOfCovariance[i] = ((1 - cc) * _pathOfCovariance[i]) + (h * Math.Sqrt(cc * (2 - cc) * muEff) * step[i]);

        // A bad step counts against the covariance by its direction alone, so that this stays positive definite.
        var rankWeights = new double[lambda];
        for (int k = 0; k < lambda; k++)
        {
            double[] white = weights[k] < 0 ? Whiten(steps[k]) : [];
            rankWeights[k] = weights[k] >= 0 ? weights[k] : weights[k] * n / (white.Sum(x => x * x) + 1e-12);
        }
        double keep = 1 + (c1 * (1 - h) * cc * (2 - cc)) - c1 - (cmu * weights.Sum());
        var covariance = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < lambda; k++)
                    sum += rankWeights[k] * steps[k][i] * steps[k][j];
                covariance[(i * n) + j] = covariance[(j * n) + i] =
                    (keep * _covariance[(i * n) + j]) + (c1 * pathOfCovariance[i] * pathOfCovariance[j]) + (cmu * sum);
            }
        }
        double[] mean = [.. Enumerable.Range(0, n).Select(i => _mean[i] + (_sigma * step[i]))];
        double sigma = Math.Min(_sigma * VectorMath.Exp(cSigma / dSigma * ((length / chi) - 1)), 1);
        return new(n, mean, sigma, covariance, pathOfSigma, pathOfCovariance, _generation + 1, Population);
    }

    // C^(-1/2) y.
    private double[] Whiten(double[] y)
    {
        var result = new double[_size];
        for (int j = 0; j < _size; j++)
        {
            double sum = 0;
            for (int i = 0; i < _size; i++)
                sum += _axes[(i * _size) + j] * y[i];
            sum /= _lengths[j];
            for (int i = 0; i < _size; i++)
                result[i] += _axes[(i * _size) + j] * sum;
        }
        return result;
    }
}
