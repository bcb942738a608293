using DeepLearn.Kernels;

namespace DeepLearn.Search.Samplers;

/// <summary>The kernel of a Gaussian process: a length for each dimension, and the noise.</summary>
/// <param name="isChoice">Which dimensions are choices, whose values are the same or not and have no distance.</param>
/// <param name="logarithms">The logarithms of the lengths, and last that of the variance of the noise over the kernel's.</param>
internal sealed class GaussianProcessKernel(bool[] isChoice, double[] logarithms)
{
    private const int MostIterations = 40;
    private const double LeastNoise = 1e-6;

    private readonly double[] _perSquaredLength =
        [.. logarithms.Take(isChoice.Length).Select(logarithm => VectorMath.Exp(-2 * logarithm))];

    private double Noise => LeastNoise + VectorMath.Exp(logarithms[^1]);

    /// <summary>
    /// The kernel that is most probable after some values, from the same beginning each time, by steps along the signs of the gradient
    /// (Rprop: Riedmiller and Braun, 1993; the better one of two is kept).
    /// </summary>
    public static GaussianProcessKernel Fit(bool[] isChoice, double[][] points, double[] values)
    {
        double[] prior = PriorMeans(isChoice.Length);
        double[] best = [.. prior], current = [.. prior], steps = [.. prior.Select(_ => 0.2)], before = new double[prior.Length];
        double bestValue = double.PositiveInfinity;
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            (double value, double[] gradient) = new GaussianProcessKernel(isChoice, [.. current]).Cost(points, values);
            if (value < bestValue)
                (best, bestValue) = ([.. current], value);
            for (int i = 0; i < current.Length; i++)
            {
                double sign = gradient[i] * before[i];
                steps[i] = Math.Clamp(steps[i] * (sign > 0 ? 1.3 : sign < 0 ? 0.5 : 1), 1e-3, 1);
                before[i] = sign < 0 ? 0 : gradient[i];
                current[i] -= Math.Sign(before[i]) * steps[i];
            }
        }
        return new(isChoice, best);
    }

    /// <summary>The squared distance of two positions in units of the lengths.</summary>
    public double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += SquaredDistance(a[j], b[j], j) * _perSquaredLength[j];
        return sum;
    }

    /// <summary>The factor of the matrix of the kernel between points, with the noise.</summary>
    public Cholesky Factor(double[][] points, out double[] squaredDistances)
    {
        int count = points.Length;
        squaredDistances = new double[count * count];
        var matrix = new double[count * count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                squaredDistances[(i * count) + j] = SquaredDistance(points[i], points[j]);
                matrix[(i * count) + j] = GaussianProcess.Matern(squaredDistances[(i * count) + j]);
            }
        }
        for (double jitter = 0; ; jitter = jitter == 0 ? 1e-6 : 10 * jitter)
        {
            for (int i = 0; i < count; i++)
                matrix[(i * count) + i] = 1 + Noise + jitter;
            if (Cholesky.Of(matrix, count) is { } factor)
                return factor;
        }
    }

    // Lengths of about half of the range, longer where there are many dimensions; little noise.
    private static double[] PriorMeans(int dimensions) =>
        [.. Enumerable.Repeat(VectorMath.Log(0.4 * Math.Sqrt(dimensions)), dimensions), VectorMath.Log(1e-3)];

    private double SquaredDistance(double a, double b, int dimension) =>
        isChoice[dimension] ? (a == b ? 0 : 1) : (a - b) * (a - b);

    // Minus the logarithm of the probability, and its gradient. The kernel's variance is the most likely one.
    internal (double Value, double[] Gradient) Cost(double[][] points, double[] values)
    {
        int count = points.Length, dimensions = isChoice.Length;
        Cholesky factor = Factor(points, out double[] squaredDistances);
        double[] inverse = factor.Inverse();
        var weights = new double[count];
        double squared = 0;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                weights[i] += inverse[(i * count) + j] * values[j];
            squared += weights[i] * values[i];
        }
        double variance = Math.Max(squared / count, 1e-12);
        double value = 0.5 * count * VectorMath.Log(variance);
        foreach (double diagonal in factor.Diagonal)
            value += VectorMath.Log(diagonal);

        // The derivative to a parameter p is tr((inverse - w w' / variance) dK/dp) / 2.
        var gradient = new double[logarithms.Length];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double r = Math.Sqrt(5 * squaredDistances[(i * count) + j]);
                double share = inverse[(i * count) + j] - (weights[i] * weights[j] / variance);
                double common = share * (5.0 / 3) * (1 + r) * VectorMath.Exp(-r);
                for (int k = 0; k < dimensions; k++)
                    gradient[k] += common * SquaredDistance(points[i][k], points[j][k], k) * _perSquaredLength[k];
            }
            gradient[^1] += 0.5 * (inverse[(i * count) + i] - (weights[i] * weights[i] / variance)) * VectorMath.Exp(logarithms[^1]);
        }

        // Normal priors of the logarithms.
        double[] means = PriorMeans(dimensions);
        for (int k = 0; k < logarithms.Length; k++)
        {
            double width = k < dimensions ? 1 : 2, distance = (logarithms[k] - means[k]) / width;
            value += 0.5 * distance * distance;
            gradient[k] += distance / width;
        }
        return (value, gradient);
    }
}
