using DeepLearn.Kernels;

namespace DeepLearn.Models.Predictors;

/// <summary>
/// The temperature that makes probabilities fit a validation set best: it minimizes the mean of -log probability (Guo, Pleiss, Sun and
/// Weinberger, "On Calibration of Modern Neural Networks", 2017).
/// </summary>
/// <remarks>
/// As a function of 1 / temperature the mean is convex, and its derivative is the mean of (expected score - score of the true class).
/// Bisection finds the zero of the derivative, in double, with the same result on every machine.
/// </remarks>
internal static class TemperatureFit
{
    /// <summary>The range of temperatures: below it, one class is certain; above it, all are equally likely.</summary>
    private const double Least = 1e-2, Greatest = 1e2;

    /// <summary>The temperature for scores of classes, of which a softmax makes probabilities.</summary>
    /// <param name="scores">The scores, <c>[examples, classes]</c>, one after the other.</param>
    /// <param name="labels">The class of each example.</param>
    /// <param name="weights">How much each counts, not all 0; empty for all alike.</param>
    public static double OfClasses(double[] scores, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights)
    {
        double[] shares = weights.ToArray();
        int classes = scores.Length / labels.Length;
        int[] truth = labels.ToArray();
        var powers = new double[classes];
        return Solve(factor =>
        {
            double sum = 0;
            for (int i = 0; i < truth.Length; i++)
            {
                ReadOnlySpan<double> row = scores.AsSpan(i * classes, classes);
                double greatest = System.Numerics.Tensors.TensorPrimitives.Max(row), total = 0, expected = 0;
                for (int j = 0; j < classes; j++)
                {
                    powers[j] = VectorMath.Exp((row[j] - greatest) * factor);
                    total += powers[j];
                    expected += powers[j] * row[j];
                }
                sum += (shares.Length == 0 ? 1 : shares[i]) * ((expected / total) - row[truth[i]]);
            }
            return sum;
        });
    }

    /// <summary>The temperature for scores that a sigmoid each makes probabilities of.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="targets">As many targets, from 0 to 1.</param>
    /// <param name="weights">How much each example counts, not all 0; empty for all alike.</param>
    public static double OfLabels(double[] scores, double[] targets, ReadOnlySpan<double> weights)
    {
        double[] shares = weights.ToArray();
        int labels = shares.Length == 0 ? 1 : scores.Length / shares.Length;
        return Solve(factor =>
        {
            double sum = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                double share = shares.Length == 0 ? 1 : shares[i / labels];
                sum += share * (VectorMath.Sigmoid(scores[i] * factor) - targets[i]) * scores[i];
            }
            return sum;
        });
    }

    // The derivative grows with the factor.
    private static double Solve(Func<double, double> derivative)
    {
        double low = 1 / Greatest, high = 1 / Least;
        for (int i = 0; i < 100; i++)
        {
            double middle = low + ((high - low) / 2);
            if (derivative(middle) > 0)
                high = middle;
            else
                low = middle;
        }
        return 1 / (low + ((high - low) / 2));
    }
}
