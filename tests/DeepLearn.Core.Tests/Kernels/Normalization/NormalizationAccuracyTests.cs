using DeepLearn.Foundation;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Normalization;

/// <summary>
/// The statistics of batch and layer normalization in float against double: constants, large means, long sums. What is standardized is off
/// by its own rounding and that of sums of at most 256 numbers, whatever the mean.
/// </summary>
public class NormalizationAccuracyTests
{
    private const double Epsilon = 1e-5;

    /// <summary>Batch, positions, channels, mean, standard deviation.</summary>
    public static TheoryData<int, int, int, double, double> Data { get; } = new()
    {
        { 64, 1, 40, 0, 1 },
        { 64, 1, 40, 1e6, 1 },
        { 64, 1, 40, -1e6, 1 },
        { 7, 30, 19, 1.6e7, 20 },
        { 3, 4000, 3, 1234.567, 0.01 },
        { 5, 100, 67, 1e-3, 1e-7 },
        { 1, 512 * 512, 3, 1e6, 1 },
        { 2, 512 * 512, 1, 0.1, 0.3 },
        { 9000, 1, 1, 1e5, 0.5 },
        { 3, 1, 10_000, 1e6, 1 },
        { 2, 3, 100_000, 100, 0.1 },
    };

    [Property(MaxTest = 60)]
    public void BatchNormalization_of_a_constant_in_float_is_exactly_the_shift(int seed, byte batch, ushort positions, byte channels)
    {
        int n = (batch % 20) + 1, p = (positions % 3000) + 1, c = (channels % 40) + 1;
        RandomStream random = RandomKey.FromSeed((ulong)seed).Open();
        float[] constants = new float[c], shift = new float[c], scale = new float[c];
        for (int i = 0; i < c; i++)
            (constants[i], shift[i], scale[i]) = (Constant(ref random), (float)random.NextUniform(), 1 + (float)random.NextUniform());
        Matrix<float> x = new(n, p * c), y = new(n, p * c);
        for (int i = 0; i < x.Count; i++)
            x.AsSpan()[i] = constants[i % c];
        var normalization = new BatchNormalization<float>(p, c, Epsilon, n, trains: true);
        normalization.Forward(x, scale, shift, false, y, WorkerPool.Single);
        for (int i = 0; i < c; i++)
            Assert.Equal((constants[i], 0.0), (normalization.Means[i], normalization.Variances[i]));
        for (int i = 0; i < y.Count; i++)
            Assert.Equal(shift[i % c], y.AsSpan()[i]);
    }

    [Property(MaxTest = 60)]
    public void LayerNormalization_of_a_row_of_equal_numbers_in_float_is_exactly_the_shift(
        int seed, byte batch, byte positions, ushort channels)
    {
        int n = (batch % 6) + 1, p = (positions % 5) + 1, c = (channels % 9000) + 1;
        RandomStream random = RandomKey.FromSeed((ulong)seed).Open();
        Matrix<float> x = new(n, p * c), y = new(n, p * c);
        for (int row = 0; row < n * p; row++)
            x.AsSpan().Slice(row * c, c).Fill(Constant(ref random));
        float[] scale = [.. Enumerable.Repeat(1.5f, c)], shift = [.. Enumerable.Range(0, c).Select(i => (float)Math.Sin(i))];
        new LayerNormalization<float>(p, c, Epsilon, n, trains: false).Forward(x, scale, shift, y, WorkerPool.Single);
        for (int i = 0; i < y.Count; i++)
            Assert.Equal(shift[i % c], y.AsSpan()[i]);
    }

    [Theory]
    [MemberData(nameof(Data))]
    public void BatchNormalization_in_float_agrees_with_double_whatever_the_mean(
        int batch, int positions, int channels, double mean, double deviation)
    {
        int features = positions * channels;
        Matrix<float> x = Numbers(batch, features, mean, deviation, 1), g = Numbers(batch, features, 0, 1, 2);
        Matrix<float> y = new(batch, features), back = new(batch, features);
        Matrix<double> exactY = new(batch, features), exactBack = new(batch, features);
        float[] scale = [.. Enumerable.Range(0, channels).Select(c => 1 + (0.5f * MathF.Sin(c)))], shift = new float[channels];
        float[] ofScale = new float[channels], ofShift = new float[channels];
        double[] exactOfScale = new double[channels], exactOfShift = new double[channels];
        double[] scales = [.. scale.Select(s => (double)s)], shifts = new double[channels];
        double epsilon = Epsilon * deviation * deviation;
        var single = new BatchNormalization<float>(positions, channels, epsilon, batch, trains: true);
        var exact = new BatchNormalization<double>(positions, channels, epsilon, batch, trains: true);
        single.Forward(x, scale, shift, false, y, WorkerPool.Single);
        exact.Forward(Wide(x), scales, shifts, false, exactY, WorkerPool.Single);
        var ofSingle = new NormalizationGradients<float>(x, g, scale)
        {
            InputGradient = back,
            ScaleGradient = ofScale,
            ShiftGradient = ofShift,
        };
        var ofExact = new NormalizationGradients<double>(Wide(x), Wide(g), scales)
        {
            InputGradient = exactBack,
            ScaleGradient = exactOfScale,
            ShiftGradient = exactOfShift,
        };
        single.Backward(ofSingle, false, WorkerPool.Single);
        exact.Backward(ofExact, false, WorkerPool.Single);
        double count = (double)batch * positions;
        for (int c = 0; c < channels; c++)
        {
            Assert.Equal(exact.Means[c], single.Means[c], 2e-6 * deviation);
            Assert.Equal(exact.Variances[c], single.Variances[c], 4e-6 * exact.Variances[c]);
            Assert.Equal(exactOfScale[c], ofScale[c], 2e-6 * count);
            Assert.Equal(exactOfShift[c], ofShift[c], 2e-6 * count);
        }
        AssertNear(exactY, y, 1);
        AssertNear(exactBack, back, 2 / deviation);
    }

    [Theory]
    [MemberData(nameof(Data))]
    public void LayerNormalization_in_float_agrees_with_double_whatever_the_mean(
        int batch, int positions, int channels, double mean, double deviation)
    {
        int features = positions * channels;
        Matrix<float> x = Numbers(batch, features, mean, deviation, 3), g = Numbers(batch, features, 0, 1, 4);
        Matrix<float> y = new(batch, features), back = new(batch, features);
        Matrix<double> exactY = new(batch, features), exactBack = new(batch, features);
        float[] scale = [.. Enumerable.Range(0, channels).Select(c => 1 + (0.5f * MathF.Sin(c)))], shift = new float[channels];
        float[] ofScale = new float[channels], ofShift = new float[channels];
        double[] exactOfScale = new double[channels], exactOfShift = new double[channels];
        double[] scales = [.. scale.Select(s => (double)s)], shifts = new double[channels];

        // A few channels may vary by little, of which an epsilon of a hundredth of the variance makes something that can be compared.
        double epsilon = 0.01 * deviation * deviation;
        var single = new LayerNormalization<float>(positions, channels, epsilon, batch, trains: true);
        var exact = new LayerNormalization<double>(positions, channels, epsilon, batch, trains: true);
        single.Forward(x, scale, shift, y, WorkerPool.Single);
        exact.Forward(Wide(x), scales, shifts, exactY, WorkerPool.Single);
        var ofSingle = new NormalizationGradients<float>(x, g, scale)
        {
            InputGradient = back,
            ScaleGradient = ofScale,
            ShiftGradient = ofShift,
        };
        var ofExact = new NormalizationGradients<double>(Wide(x), Wide(g), scales)
        {
            InputGradient = exactBack,
            ScaleGradient = exactOfScale,
            ShiftGradient = exactOfShift,
        };
        single.Backward(ofSingle, WorkerPool.Single);
        exact.Backward(ofExact, WorkerPool.Single);
        double count = (double)batch * positions;
        for (int c = 0; c < channels; c++)
        {
            Assert.Equal(exactOfScale[c], ofScale[c], 2e-6 * count);
            Assert.Equal(exactOfShift[c], ofShift[c], 2e-6 * count);
        }
        AssertNear(exactY, y, 1);
        AssertNear(exactBack, back, 10 / deviation);
    }

    /// <summary>The first number of each channel or row is far from all others: what the sums are taken from.</summary>
    [Fact]
    public void Normalizations_of_numbers_whose_first_is_far_off_agree_with_double()
    {
        const int Batch = 300, Channels = 70;
        Matrix<float> x = Numbers(Batch, Channels, 5, 1, 5), y = new(Batch, Channels);
        x.Row(0).Fill(-5e4f);
        for (int i = 0; i < Batch; i++)
            x[i, 0] = 3e4f;
        Matrix<double> exactY = new(Batch, Channels);
        float[] ones = [.. Enumerable.Repeat(1f, Channels)], zeros = new float[Channels];
        double[] wideOnes = [.. Enumerable.Repeat(1.0, Channels)], wideZeros = new double[Channels];
        new BatchNormalization<float>(1, Channels, Epsilon, Batch, true).Forward(x, ones, zeros, false, y, WorkerPool.Single);
        new BatchNormalization<double>(1, Channels, Epsilon, Batch, true).Forward(
            Wide(x), wideOnes, wideZeros, false, exactY, WorkerPool.Single);
        AssertNear(exactY, y, 1);
        new LayerNormalization<float>(1, Channels, Epsilon, Batch, true).Forward(x, ones, zeros, y, WorkerPool.Single);
        new LayerNormalization<double>(1, Channels, Epsilon, Batch, true).Forward(Wide(x), wideOnes, wideZeros, exactY, WorkerPool.Single);
        AssertNear(exactY, y, 1);
    }

    private static void AssertNear(Matrix<double> expected, Matrix<float> found, double size)
    {
        ReadOnlySpan<double> exact = expected.AsSpan();
        ReadOnlySpan<float> single = found.AsSpan();
        for (int i = 0; i < single.Length; i++)
        {
            if (!(Math.Abs(exact[i] - single[i]) <= 4e-6 * (size + Math.Abs(exact[i]))))
                Assert.Fail($"number {i}: expected {exact[i]:g9}, found {single[i]:g9}");
        }
    }

    private static float Constant(ref RandomStream random) =>
        (float)(Math.ScaleB(1 + random.NextUniform(), random.NextIndex(120) - 60) * (random.NextUniform() < 0.5 ? -1 : 1));

    private static Matrix<float> Numbers(int rows, int columns, double mean, double deviation, ulong seed)
    {
        var numbers = new Matrix<float>(rows, columns);
        RandomStream random = RandomKey.FromSeed(seed).Open();
        foreach (ref float number in numbers.AsSpan())
            number = (float)(mean + (deviation * Math.Sqrt(12) * (random.NextUniform() - 0.5)));
        return numbers;
    }

    private static Matrix<double> Wide(Matrix<float> numbers)
    {
        var wide = new Matrix<double>(numbers.Rows, numbers.Columns);
        for (int i = 0; i < numbers.Count; i++)
            wide.AsSpan()[i] = numbers.AsSpan()[i];
        return wide;
    }
}
