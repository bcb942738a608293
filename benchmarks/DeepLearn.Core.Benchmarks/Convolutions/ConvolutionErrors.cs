using System.Globalization;
using DeepLearn.Benchmarks.Ratios;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>
/// The rounding errors in float of each algorithm for convolutions of 3x3: root mean squares of the differences to double, relative to
/// the results'.
/// </summary>
internal static class ConvolutionErrors
{
    private const int Positions = 4096;

    private static readonly string[] Passes =
        [ConvolutionRatio.Forward, ConvolutionRatio.WeightGradient, ConvolutionRatio.InputGradient];

    private static readonly MarkdownTable Table = new(
        ("layer", -35), ("pass", -15), ("direct", 8), ("F(2x2)", 8), ("F(4x4)", 8), ("F(2x2) / direct", 5), ("F(4x4) / direct", 5));

    /// <summary>The lines of the table, each as soon as it is there.</summary>
    public static IEnumerable<string> Lines()
    {
        yield return Table.Head;
        foreach ((int image, int channels, int filters, int stride) in new[]
        {
            (32, 64, 64, 1), (16, 128, 128, 1), (8, 256, 256, 1), (4, 512, 128, 1), (16, 32, 32, 1), (32, 64, 128, 2), (16, 128, 256, 2),
        })
        {
            int positions = image * image / (stride * stride);
            var layer = new ConvolutionCase(image, channels, filters, 3, stride, 1, Math.Max(1, Positions / positions));
            double[][] exact = Run<double>(layer, 0);
            double[][][] found = [.. new[] { 0, 2, 4 }.Select(tile => Run<float>(layer, tile))];
            for (int pass = 0; pass < Passes.Length; pass++)
            {
                double[] errors = [.. found.Select(results => Error(exact[pass], results[pass]))];
                yield return Table.Row(
                    layer.ToString(), Passes[pass], Scientific(errors[0]), Scientific(errors[1]), Scientific(errors[2]),
                    MarkdownTable.Ratio(errors[1] / errors[0]), MarkdownTable.Ratio(errors[2] / errors[0]));
            }
        }
    }

    /// <summary>The three passes, with operands that are the same numbers in either precision.</summary>
    private static double[][] Run<T>(ConvolutionCase layer, int largestTile)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var convolution = new ImageConvolution<T>(layer.Geometry, largestTile);
        ConvolutionScratch<T> scratch = convolution.CreateScratch(layer.Batch, trains: true, threads: 1);
        Matrix<T> input = Filled(1, layer.Batch, layer.Geometry.InputCount), weights = Filled(2, layer.Geometry.Depth, layer.Filters);
        Matrix<T> gradient = Filled(3, layer.Batch, layer.Geometry.OutputCount), output = new(layer.Batch, layer.Geometry.OutputCount);
        Matrix<T> inputGradient = new(layer.Batch, layer.Geometry.InputCount), weightGradient = new(weights.Rows, weights.Columns);
        convolution.Forward(new(input, weights, output), scratch, WorkerPool.Single);
        convolution.WeightGradient(input, gradient, T.One, T.Zero, weightGradient, default, scratch, WorkerPool.Single);
        convolution.InputGradient(gradient, weights, inputGradient, scratch, WorkerPool.Single);
        return [.. new[] { output, weightGradient, inputGradient }.Select(
            result => result.AsSpan().ToArray().Select(double.CreateChecked).ToArray())];

        static Matrix<T> Filled(int seed, int rows, int columns)
        {
            var random = new Random(seed);
            var matrix = new Matrix<T>(rows, columns);
            foreach (ref T number in matrix.AsSpan())
                number = T.CreateChecked((float)((random.NextDouble() * 2) - 1));
            return matrix;
        }
    }

    private static double Error(double[] exact, double[] found) =>
        Math.Sqrt(exact.Zip(found, (a, b) => (a - b) * (a - b)).Sum() / exact.Sum(value => value * value));

    private static string Scientific(double value) => value.ToString("0.0e-0", CultureInfo.InvariantCulture);
}
