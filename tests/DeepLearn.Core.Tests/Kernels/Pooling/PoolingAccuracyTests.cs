using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Kernels.Pooling;

/// <summary>Means over large windows in float against double: a constant is itself, and no long sum loses digits.</summary>
public class PoolingAccuracyTests
{
    [Theory]
    [InlineData(0.1f)]
    [InlineData(-1234.567f)]
    [InlineData(3.3e-12f)]
    [InlineData(2e37f)]
    public void AveragePool_of_a_constant_picture_is_the_constant(float constant)
    {
        foreach ((int height, int width, int channels) in ((int, int, int)[])[(512, 512, 3), (1000, 9, 1), (9, 1000, 16), (33, 31, 40)])
        {
            var shape = new Shape(height, width, channels);
            var picture = new Matrix<float>(1, shape.Count);
            picture.View.Fill(constant);
            Assert.All(Pooled(new GlobalAveragePool(), shape, picture), value => Assert.Equal(constant, value));
        }
    }

    [Theory]
    [InlineData(512, 512, 3, 0, 1)]
    [InlineData(512, 512, 1, 1e6, 1)]
    [InlineData(512, 512, 17, 0.1, 0.05)]
    [InlineData(9, 3000, 2, -5e4, 0.1)]
    [InlineData(2000, 5, 33, 3, 0.001)]
    public void GlobalAveragePool_of_a_large_picture_is_that_of_double_rounded(
        int height, int width, int channels, double mean, double deviation)
    {
        var shape = new Shape(height, width, channels);
        var picture = new Matrix<float>(1, shape.Count);
        RandomStream random = RandomKey.FromSeed(3).Open();
        double[] sums = new double[channels];
        for (int i = 0; i < shape.Count; i++)
        {
            picture.AsSpan()[i] = (float)(mean + (deviation * ((2 * random.NextUniform()) - 1)));
            sums[i % channels] += picture.AsSpan()[i] - mean;
        }
        float[] found = Pooled(new GlobalAveragePool(), shape, picture);
        for (int c = 0; c < channels; c++)
        {
            double expected = mean + (sums[c] / height / width);
            Assert.Equal(expected, found[c], Math.ScaleB(Math.Abs(expected), -24) + (2e-6 * deviation));
        }
    }

    [Fact]
    public void AveragePool_of_large_windows_with_padding_that_counts_agrees_with_double()
    {
        const int Side = 40, Kernel = 21, Pad = 10, Channels = 5;
        var shape = new Shape(Side, Side, Channels);
        var picture = new Matrix<float>(1, shape.Count);
        for (int i = 0; i < shape.Count; i++)
            picture.AsSpan()[i] = (float)(100 + Math.Sin(i));
        foreach (bool counts in (bool[])[false, true])
        {
            var layer = new AveragePool(Kernel) { Stride = 1, Padding = Pad, CountsPadding = counts };
            Model<float> model = layer.Build<float>(shape, 1);
            float[] found = model.Predict(picture).AsSpan().ToArray();
            int side = model.OutputShape[0];
            for (int i = 0; i < found.Length; i++)
            {
                int y = i / Channels / side, x = i / Channels % side, c = i % Channels, places = 0;
                double sum = 0;
                for (int row = Math.Max(0, y - Pad); row < Math.Min(Side, y - Pad + Kernel); row++)
                {
                    for (int column = Math.Max(0, x - Pad); column < Math.Min(Side, x - Pad + Kernel); column++, places++)
                        sum += picture[0, (((row * Side) + column) * Channels) + c];
                }
                double expected = sum / (counts ? Kernel * Kernel : places);
                Assert.Equal(expected, found[i], 4e-7 * expected);
            }
        }
    }

    /// <summary>Sums of such numbers, and differences of two, are beyond the range of float; their means are not.</summary>
    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 17)]
    [InlineData(8, 40)]
    [InlineData(9, 5)]
    [InlineData(40, 33)]
    [InlineData(70, 2)]
    public void AveragePool_of_numbers_near_the_largest_is_finite_and_that_of_double_rounded(int side, int channels)
    {
        var shape = new Shape(side, side, channels);
        foreach (Layer layer in (Layer[])[new GlobalAveragePool(), new AveragePool(side) { Stride = 1, Padding = 1 },
            new AveragePool(side) { Stride = 1, Padding = side / 2, CountsPadding = true }])
        {
            var picture = new Matrix<float>(1, shape.Count);
            RandomStream random = RandomKey.FromSeed(5).Open();
            for (int i = 0; i < shape.Count; i++)
            {
                // Channels of one sign, of both signs, and of ordinary numbers, which stay what they are without the others.
                double size = i % channels % 3 == 2 ? 1 : 3.4e38;
                double fraction = random.NextUniform();
                picture.AsSpan()[i] = (float)(size * (i % channels % 3 == 1 ? (2 * fraction) - 1 : 0.9 + (0.1 * fraction)));
            }
            Matrix<double> wide = new(1, shape.Count);
            for (int i = 0; i < shape.Count; i++)
                wide.AsSpan()[i] = picture.AsSpan()[i];

            float[] found = Pooled(layer, shape, picture);
            double[] expected = layer.Build<double>(shape, 1).Predict(wide).AsSpan().ToArray();
            for (int i = 0; i < found.Length; i++)
                Assert.Equal(expected[i], found[i], 2e-6 * (i % channels % 3 == 2 ? 1 : 3.4e38));
        }
    }

    [Fact]
    public void AveragePool_of_what_is_not_finite_is_not_finite_and_its_neighbors_are_as_without_it()
    {
        foreach (int side in (int[])[4, 12])
        {
            var shape = new Shape(side, side, 3);
            var picture = new Matrix<float>(1, shape.Count);
            for (int i = 0; i < shape.Count; i++)
                picture.AsSpan()[i] = (float)Math.Sin(i);
            float[] without = Pooled(new GlobalAveragePool(), shape, picture);
            foreach ((float number, float mean) in ((float, float)[])[
                (float.NaN, float.NaN), (float.PositiveInfinity, float.PositiveInfinity), (float.NegativeInfinity, float.NegativeInfinity)])
            {
                picture[0, (3 * 5) + 1] = number;
                float[] found = Pooled(new GlobalAveragePool(), shape, picture);
                Assert.Equal([without[0], mean, without[2]], found);
            }
        }
    }

    [Fact]
    public void Constant_of_the_largest_number_is_its_own_mean_in_both_precisions()
    {
        foreach (int side in (int[])[3, 8, 50])
        {
            var shape = new Shape(side, side, 5);
            var picture = new Matrix<double>(1, shape.Count);
            picture.View.Fill(double.MaxValue);
            Assert.All(
                new GlobalAveragePool().Build<double>(shape, 1).Predict(picture).AsSpan().ToArray(),
                value => Assert.Equal(double.MaxValue, value));
            var single = new Matrix<float>(1, shape.Count);
            single.View.Fill(-float.MaxValue);
            Assert.All(Pooled(new GlobalAveragePool(), shape, single), value => Assert.Equal(-float.MaxValue, value));
        }
    }

    private static float[] Pooled(Layer layer, Shape shape, Matrix<float> picture) =>
        layer.Build<float>(shape, 1).Predict(picture).AsSpan().ToArray();
}
