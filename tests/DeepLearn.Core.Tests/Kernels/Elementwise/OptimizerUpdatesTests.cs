using DeepLearn.Kernels.Elementwise;
using Xunit;

namespace DeepLearn.Tests.Kernels.Elementwise;

public class OptimizerUpdatesTests
{
    private const int N = 53;
    private static readonly UpdateTerms<double> Terms = new(0.5, 0.01, 0.02, 1);

    private readonly double[] _g = KernelRuns.Numbers<double>(N, 1);
    private readonly double[] _w = KernelRuns.Numbers<double>(N, 2);
    private readonly double[] _m = KernelRuns.Numbers<double>(N, 3);
    private readonly double[] _s = [.. KernelRuns.Numbers<double>(N, 4).Select(value => value * value)];

    public OptimizerUpdatesTests() => _w[7] = 0;

    [Fact]
    public void OptimizerUpdates_Sgd_equals_its_formula() =>
        Check((w, _, _) => OptimizerUpdates.Sgd(_g, 0.1, Terms, w), (g, w, m, s) => (w - (0.1 * g), m, s));

    [Fact]
    public void OptimizerUpdates_Momentum_equals_its_formula() => Check(
        (w, m, _) => OptimizerUpdates.Momentum(_g, 0.1, 0.8, Terms, w, m),
        (g, w, m, s) => (w - (0.1 * ((0.8 * m) + g)), (0.8 * m) + g, s));

    [Fact]
    public void OptimizerUpdates_Nesterov_equals_its_formula() => Check(
        (w, m, _) => OptimizerUpdates.Nesterov(_g, 0.1, 0.8, Terms, w, m),
        (g, w, m, s) => (w - (0.1 * (g + (0.8 * ((0.8 * m) + g)))), (0.8 * m) + g, s));

    [Fact]
    public void OptimizerUpdates_RmsProp_equals_its_formula() => Check(
        (w, _, s) => OptimizerUpdates.RmsProp(_g, 0.1, 0.8, 1e-3, Terms, w, s),
        (g, w, m, s) =>
        {
            double square = (0.8 * s) + (0.2 * g * g);
            return (w - (0.1 * g / (Math.Sqrt(square) + 1e-3)), m, square);
        });

    [Fact]
    public void OptimizerUpdates_Adam_equals_its_formula() => Check(
        (w, m, s) => OptimizerUpdates.Adam(_g, 0.1, 0.8, 0.9, 0.36, 0.19, 1e-3, Terms, w, m, s),
        (g, w, m, s) =>
        {
            double mean = (0.8 * m) + (0.2 * g), square = (0.9 * s) + (0.1 * g * g);
            return (w - (0.1 * (mean / 0.36) / (Math.Sqrt(square / 0.19) + 1e-3)), mean, square);
        });

    [Fact]
    public void OptimizerUpdates_Lion_equals_its_formula() => Check(
        (w, m, _) => OptimizerUpdates.Lion(_g, 0.1, 0.8, 0.9, Terms, w, m),
        (g, w, m, s) => (w - (0.1 * Math.Sign((0.8 * m) + (0.2 * g))), (0.9 * m) + (0.1 * g), s));

    [Fact]
    public void OptimizerUpdates_MovingAverage_equals_its_formula()
    {
        double[] average = [.. _m];
        OptimizerUpdates.MovingAverage(_w, 0.75, average);
        for (int i = 0; i < N; i++)
            Assert.Equal((0.75 * _m[i]) + (0.25 * _w[i]), average[i], 1e-14);
    }

    [Fact]
    public void OptimizerUpdates_Sgd_without_terms_is_one_fused_multiply_add()
    {
        float[] g = KernelRuns.Numbers<float>(N, 1), w = KernelRuns.Numbers<float>(N, 2), before = [.. w];
        OptimizerUpdates.Sgd(g, 0.1f, UpdateTerms<float>.None, w);
        for (int i = 0; i < N; i++)
            Assert.Equal(MathF.FusedMultiplyAdd(-0.1f, g[i], before[i]), w[i]);
    }

    private void Check(
        Action<double[], double[], double[]> kernel,
        Func<double, double, double, double, (double Weight, double First, double Second)> formula)
    {
        double[] w = [.. _w], m = [.. _m], s = [.. _s];
        kernel(w, m, s);
        for (int i = 0; i < N; i++)
        {
            double gradient = (0.5 * _g[i]) + (0.02 * _w[i]) + (0.01 * Math.Sign(_w[i]));
            (double weight, double first, double second) = formula(gradient, 0.9 * _w[i], _m[i], _s[i]);
            Assert.Equal(weight, w[i], 1e-12 * (1 + Math.Abs(weight)));
            Assert.Equal(first, m[i], 1e-12 * (1 + Math.Abs(first)));
            Assert.Equal(second, s[i], 1e-12 * (1 + Math.Abs(second)));
        }
    }
}
