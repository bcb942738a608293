using DeepLearn.Kernels.Convolution;
using Xunit;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>
/// The rounding errors of Winograd's algorithm in float, as root mean squares of the differences to double, beside those of the direct
/// algorithm:
/// what the documentation of the layer says about them.
/// </summary>
public unsafe class WinogradAccuracyTests
{
    [Theory]
    [InlineData(16, 32, 32)]
    [InlineData(16, 64, 64)]
    [InlineData(8, 128, 64)]
    [InlineData(4, 256, 64)]
    public void Winograd_error_of_2x2_tiles_is_no_greater_than_the_direct_one_and_of_4x4_tiles_at_most_three_times_it(
        int side, int channels, int filters)
    {
        var geometry = new ConvolutionGeometry(new(side, 3, 1, 1, 1, 1), new(side, 3, 1, 1, 1, 1), channels, filters, 1);
        // A gradient of weights sums over the positions of the batch; over very few of them, the direct one has hardly an error.
        int batch = 1024 / geometry.Positions;
        double[] input = Numbers(1, batch * geometry.InputCount), weights = Numbers(2, geometry.Depth * filters);
        double[] gradient = Numbers(3, batch * geometry.Positions * filters);
        var exact = new DirectRun<double>(geometry, batch);
        double[][] expected =
        [
            exact.Outputs(input, weights), exact.InputGradient(gradient, weights), exact.WeightGradient(input, gradient),
        ];
        float[] x = [.. input.Select(value => (float)value)], w = [.. weights.Select(value => (float)value)];
        float[] g = [.. gradient.Select(value => (float)value)];
        var direct = new DirectRun<float>(geometry, batch);
        WinogradRun<float> two = new(geometry, batch, 2), four = new(geometry, batch, 4);
        float[][] directly = [direct.Outputs(x, w), direct.InputGradient(g, w), direct.WeightGradient(x, g)];
        float[][] byTwo = [two.Outputs(x, w, null), two.InputGradient(g, w), two.WeightGradients(x, g, 1, 0).Weights];
        float[][] byFour = [four.Outputs(x, w, null), four.InputGradient(g, w), four.WeightGradients(x, g, 1, 0).Weights];
        string[] passes = ["outputs", "gradient of inputs", "gradient of weights"];
        for (int pass = 0; pass < passes.Length; pass++)
        {
            double error = Error(expected[pass], directly[pass]), errorOfTwo = Error(expected[pass], byTwo[pass]);
            double errorOfFour = Error(expected[pass], byFour[pass]);
            string line = $"{passes[pass]}: direct {error:E2}, 2x2 {errorOfTwo:E2}, 4x4 {errorOfFour:E2}";
            TestContext.Current.TestOutputHelper?.WriteLine(line);

            // The gradient of the weights: its chains are shorter too, but its terms are larger at the border of small images.
            Assert.True(errorOfTwo <= (pass == 2 ? 1.25 : 1) * error, line);
            Assert.True(errorOfFour <= 3 * error, line);
        }
    }

    // The numbers are floats, so that both precisions begin with the same.
    private static double[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(float)((random.NextDouble() * 2) - 1))];
    }

    private static double Error(double[] expected, float[] actual)
    {
        double squares = expected.Sum(value => value * value);
        return Math.Sqrt(expected.Zip(actual, (a, b) => (a - b) * (a - b)).Sum() / squares);
    }
}
