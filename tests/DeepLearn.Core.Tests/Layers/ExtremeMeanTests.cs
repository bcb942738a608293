using DeepLearn.Data;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>Means of numbers near the end of float's range, whose sums lie beyond it, are those of double.</summary>
public class ExtremeMeanTests
{
    public static TheoryData<float, float> Rows => new()
    {
        // The mean, and how far the numbers are from it.
        { 3e38f, 0 },
        { 3e38f, 1e37f },
        { -3.2e38f, 1e36f },
        { 1e37f, 3e38f },
        { 0, 3e38f },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void LayerNorm_of_numbers_near_the_end_of_float_is_that_of_double(float mean, float spread) =>
        AssertSame(new LayerNorm(), 40, mean, spread, RunMode.Inference, 2e-3);

    [Theory]
    [MemberData(nameof(Rows))]
    public void BatchNorm_of_numbers_near_the_end_of_float_is_that_of_double(float mean, float spread) =>
        AssertSame(new BatchNorm(), 3, mean, spread, RunMode.Training, 2e-3);

    [Theory]
    [InlineData(3e38f, 0)]
    [InlineData(3e38f, 1e37f)]
    [InlineData(-3.2e38f, 1e36f)]
    public void Moments_of_numbers_near_the_end_of_float_are_those_of_double(float mean, float spread)
    {
        float[] numbers = [.. Enumerable.Range(0, 1000).Select(i => Value(i, mean, spread))];
        double expected = numbers.Average(x => (double)x);
        Assert.Equal(expected, Reduce.MeanAndVariance<float>(numbers).Mean, 1e-5 * Math.Max(Math.Abs(expected), spread));

        // A data set's statistics are in double, where these numbers are small.
        var data = new DenseDataset<float>(Matrix<float>.FromArray(ToRows(numbers)), new int[1000], 1);
        Normalization found = Normalization.PerFeature(data);
        Assert.Equal(expected, found.Mean[0], 1e-12 * Math.Max(Math.Abs(expected), spread));
        float first = found.Build<float>() is var transform ? Apply(transform, numbers[0]) : 0;
        Assert.Equal((numbers[0] - found.Mean[0]) / found.StandardDeviation[0], first, 1e-6);

        static float Apply(FeatureTransform<float> transform, float number)
        {
            var to = new float[1];
            transform.Apply([number], to);
            return to[0];
        }

        static float[,] ToRows(float[] numbers)
        {
            var rows = new float[numbers.Length, 1];
            for (int i = 0; i < numbers.Length; i++)
                rows[i, 0] = numbers[i];
            return rows;
        }
    }

    private static void AssertSame(Layer layer, Shape shape, float mean, float spread, RunMode mode, double tolerance)
    {
        const int Examples = 12;
        Matrix<float> narrow = new(Examples, shape.Count);
        Matrix<double> wide = new(Examples, shape.Count);
        for (int i = 0; i < narrow.Count; i++)
            wide.AsSpan()[i] = narrow.AsSpan()[i] = Value(i, mean, spread);
        ReadOnlyMatrixView<float> found = layer.Build<float>(shape, 1).CreateWorkspace(Examples, mode).Forward(narrow);
        ReadOnlyMatrixView<double> expected = layer.Build<double>(shape, 1).CreateWorkspace(Examples, mode).Forward(wide);
        double scale = 0;
        foreach (double value in expected.AsSpan())
            scale = Math.Max(scale, Math.Abs(value));
        for (int row = 0; row < Examples; row++)
        {
            for (int column = 0; column < found.Columns; column++)
                Assert.Equal(expected[row, column], found[row, column], tolerance * Math.Max(1, scale));
        }
    }

    private static float Value(int i, float mean, float spread) =>
        (float)Math.Clamp(mean + ((double)spread * Math.Sin(i * 1.7)), float.MinValue, float.MaxValue);
}
