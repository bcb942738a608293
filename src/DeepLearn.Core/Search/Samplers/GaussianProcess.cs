using DeepLearn.Kernels;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// A Gaussian process over positions with a Matern kernel of smoothness 5/2, a length for each dimension, and noise: it predicts values at
/// other positions from known ones.
/// </summary>
internal sealed class GaussianProcess
{
    private static readonly double SquareRootOfFive = Math.Sqrt(5);

    private readonly GaussianProcessKernel _kernel;
    private readonly double[][] _points;
    private readonly Cholesky _factor;
    private readonly double[] _weights;
    private readonly double _variance;

    private GaussianProcess(GaussianProcessKernel kernel, double[][] points, Cholesky factor, double[] weights, double variance)
    {
        _kernel = kernel;
        _points = points;
        _factor = factor;
        _weights = weights;
        _variance = variance;
    }

    /// <summary>The process that follows from values.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="points">Where the values are known.</param>
    /// <param name="values">The values, of mean zero.</param>
    public static GaussianProcess Of(GaussianProcessKernel kernel, double[][] points, double[] values)
    {
        Cholesky factor = kernel.Factor(points, out _);
        double[] weights = [.. values];
        factor.SolveLower(weights);
        double squared = 0;
        foreach (double weight in weights)
            squared += weight * weight;
        factor.SolveUpper(weights);

        // The variance that makes the values most likely.
        return new(kernel, points, factor, weights, Math.Max(squared / points.Length, 1e-12));
    }

    /// <summary>Mean and standard deviation of the value at a position, without noise.</summary>
    public (double Mean, double StandardDeviation) At(ReadOnlySpan<double> position)
    {
        var covariances = new double[_points.Length];
        double mean = 0;
        for (int i = 0; i < covariances.Length; i++)
        {
            covariances[i] = Matern(_kernel.SquaredDistance(_points[i], position));
            mean += covariances[i] * _weights[i];
        }
        _factor.SolveLower(covariances);
        double explained = 0;
        foreach (double covariance in covariances)
            explained += covariance * covariance;
        return (mean, Math.Sqrt(_variance * Math.Max(1 - explained, 1e-12)));
    }

    /// <summary>The kernel over its value at 0, from the squared distance in units of the lengths.</summary>
    public static double Matern(double squaredDistance)
    {
        double r = SquareRootOfFive * Math.Sqrt(squaredDistance);
        return (1 + r + (r * r / 3)) * VectorMath.Exp(-r);
    }
}
