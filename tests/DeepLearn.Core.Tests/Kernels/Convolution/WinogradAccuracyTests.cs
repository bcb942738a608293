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
    private const int InputGradient = 1, WeightGradient = 2;

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
        Assert.All(Errors(geometry, batch, 2, 4), errors =>
        {
            // The gradient of the weights: its chains are shorter too, but its terms are larger at the border of small images.
            Assert.True(errors.Of[0] <= (errors.Pass == WeightGradient ? 1.25 : 1) * errors.Direct, errors.ToString());
            Assert.True(errors.Of[1] <= 3 * errors.Direct, errors.ToString());
        });
    }

    [Theory]
    [InlineData(32, 32, 64)]
    [InlineData(16, 128, 64)]
    public void Winograd_error_of_a_stride_of_2_is_no_greater_than_the_direct_one_and_of_gradients_of_inputs_at_most_twice_it(
        int side, int channels, int filters)
    {
        var geometry = new ConvolutionGeometry(new(side, 3, 2, 1, 1, 1), new(side, 3, 2, 1, 1, 1), channels, filters, 1);
        Assert.All(Errors(geometry, 1024 / geometry.Positions, 4), errors =>
        {
            // Directly, a gradient of an input sums over two or three taps on average, not nine.
            Assert.True(errors.Of[0] <= (errors.Pass == InputGradient ? 2 : 1) * errors.Direct, errors.ToString());
        });
    }

    private static List<PassErrors> Errors(ConvolutionGeometry geometry, int batch, params int[] tiles)
    {
        double[] input = Numbers(1, batch * geometry.InputCount), weights = Numbers(2, geometry.Depth * geometry.Filters);
        double[] gradient = Numbers(3, batch * geometry.OutputCount);
        var exact = new DirectRun<double>(geometry, batch);
        double[][] expected =
        [
            exact.Outputs(input, weights), exact.InputGradient(gradient, weights), exact.WeightGradient(input, gradient),
        ];
        float[] x = [.. input.Select(value => (float)value)], w = [.. weights.Select(value => (float)value)];
        float[] g = [.. gradient.Select(value => (float)value)];
        var direct = new DirectRun<float>(geometry, batch);
        float[][] directly = [direct.Outputs(x, w), direct.InputGradient(g, w), direct.WeightGradient(x, g)];
        float[][][] found = [.. tiles.Select(outputs =>
        {
            var run = new WinogradRun<float>(geometry, batch, outputs);
            return (float[][])[run.Outputs(x, w, null), run.InputGradient(g, w), run.WeightGradients(x, g, 1, 0).Weights];
        })];
        List<PassErrors> errors = [.. Enumerable.Range(0, expected.Length).Select(pass => new PassErrors(
            pass, Error(expected[pass], directly[pass]), [.. found.Select(results => Error(expected[pass], results[pass]))]))];
        errors.ForEach(pass => TestContext.Current.TestOutputHelper?.WriteLine(pass.ToString()));
        return errors;
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

    private sealed record PassErrors(int Pass, double Direct, double[] Of)
    {
        private static readonly string[] Passes = ["outputs", "gradient of inputs", "gradient of weights"];

        public override string ToString() =>
            $"{Passes[Pass]}: direct {Direct:E2}, by tiles {string.Join(", ", Of.Select(error => $"{error:E2}"))}";
    }
}
