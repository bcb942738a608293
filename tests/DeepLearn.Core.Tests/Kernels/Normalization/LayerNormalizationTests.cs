using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Normalization;

/// <summary>The public face of layer normalization, as a stranger's layer calls it.</summary>
[Collection(Alone.Name)]
public class LayerNormalizationTests
{
    private const int Batch = 13, Positions = 30, Channels = 35, Features = Positions * Channels;
    private const double Epsilon = 1e-3;

    [Fact]
    public void Layer_normalization_equals_double_and_has_the_same_bits_on_any_threads_and_at_every_width()
    {
        Check<float>(2e-4);
        Check<double>(1e-11);
    }

    [Fact]
    public void Layer_normalization_of_one_position_in_rows_apart_equals_double()
    {
        const int Rows = Batch * Positions;
        SpacedRows<double> input = new(Rows, Channels, Numbers(1, Batch * Features)), output = new(Rows, Channels, double.NaN);
        SpacedRows<double> derivatives = new(Rows, Channels, Numbers(2, Batch * Features)), back = new(Rows, Channels, double.NaN);
        double[] scale = Numbers(3, Channels), ofScale = new double[Channels], ofShift = new double[Channels];
        var normalization = new LayerNormalization<double>(1, Channels, Epsilon, Rows, trains: true);
        normalization.Forward(input.View, scale, Numbers(4, Channels), output.View, WorkerPool.Single);
        normalization.Backward(
            new(input.View, derivatives.View, scale) { InputGradient = back.View, ScaleGradient = ofScale, ShiftGradient = ofShift },
            WorkerPool.Single);
        double[] expected = Definition(), found = [.. output.Numbers(), .. back.Numbers(), .. ofScale, .. ofShift];
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-11 * Math.Max(1, Math.Abs(pair.First))));
    }

    [Fact]
    public void Layer_normalization_may_write_over_its_input_and_its_gradient()
    {
        double[] x = Numbers(1, Batch * Features);
        SpacedRows<float> input = new(Batch, Features, x), output = new(Batch, Features, x);
        var derivatives = new SpacedRows<float>(Batch, Features, Numbers(2, Batch * Features));
        float[] scale = [.. Numbers(3, Channels).Select(number => (float)number)];
        float[] shift = [.. Numbers(4, Channels).Select(number => (float)number)];
        float[] scaleGradient = new float[Channels], shiftGradient = new float[Channels];
        var normalization = new LayerNormalization<float>(Positions, Channels, Epsilon, Batch, trains: true);
        normalization.Forward(output.View, scale, shift, output.View, WorkerPool.Single);
        normalization.Backward(
            new(input.View, derivatives.View, scale)
            {
                InputGradient = derivatives.View,
                ScaleGradient = scaleGradient,
                ShiftGradient = shiftGradient,
            },
            WorkerPool.Single);
        float[] found = [.. output.Numbers(), .. derivatives.Numbers(), .. scaleGradient, .. shiftGradient];
        Bits.AssertSame<float>(Run<float>(WorkerPool.Single), found, "in place");
    }

    [Fact]
    public void Layer_normalization_refuses_what_does_not_fit_before_anything_is_written()
    {
        var one = new LayerNormalization<float>(2, 3, Epsilon, 4, trains: true);
        Matrix<float> x = new(4, 6), y = new(4, 6), five = new(5, 6), other = new(4, 5);
        float[] three = [7, 7, 7], four = new float[4];
        y.AsSpan().Fill(5);
        WorkerPool single = WorkerPool.Single;
        Refuses("expected a forward pass", () => one.Backward(
            new(x, y, three) { ScaleGradient = new float[3], ShiftGradient = new float[3] }, single));
        Refuses("input of shape [4, 6]; found [4, 5]", () => one.Forward(other, three, three, y, single));
        Refuses("output of shape [4, 6]; found [4, 5]", () => one.Forward(x, three, three, other, single));
        Refuses("scale of shape [3]; found [4]", () => one.Forward(x, four, three, y, single));
        Refuses("at most 4 examples", () => one.Forward(five, three, three, five, single));
        Assert.All(y.AsSpan().ToArray(), value => Assert.Equal(5f, value));
        one.Forward(x, three, three, y, single);
        Refuses("outputGradient", () => one.Backward(
            new(x, other, three) { ScaleGradient = new float[3], ShiftGradient = new float[3] }, single));
        Refuses("share memory", () => one.Backward(new(x, y, three) { ScaleGradient = three, ShiftGradient = new float[3] }, single));
        var predicting = new LayerNormalization<float>(2, 3, Epsilon, 4, trains: false);
        predicting.Forward(x, three, three, y, single);
        Refuses("expected a forward pass", () => predicting.Backward(
            new(x, y, three) { ScaleGradient = new float[3], ShiftGradient = new float[3] }, single));
        Refuses("channels", () => new LayerNormalization<float>(2, 0, Epsilon, 4, true));
        Refuses("epsilon", () => new LayerNormalization<float>(2, 3, double.NaN, 4, true));
    }

    private static void Refuses(string expected, Action action) =>
        Assert.Contains(expected, Assert.ThrowsAny<Exception>(action).Message, StringComparison.OrdinalIgnoreCase);

    private static void Check<T>(double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] expected = Definition();
        T[] first = Run<T>(WorkerPool.Single);
        Assert.Equal(expected.Length, first.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], double.CreateChecked(first[i]), tolerance * Math.Max(1, Math.Abs(expected[i])));
        foreach (int threads in (int[])[1, 2, 4])
        {
            using var workers = new WorkerPool(threads);
            foreach (int width in Widths.All)
                Widths.At(width, () => Bits.AssertSame<T>(first, Run<T>(workers), $"{threads} threads, width {width}"));
        }
    }

    private static double[] Definition()
    {
        double[] x = Numbers(1, Batch * Features), g = Numbers(2, Batch * Features), y = new double[x.Length], back = new double[x.Length];
        double[] scale = Numbers(3, Channels), shift = Numbers(4, Channels), ofScale = new double[Channels], ofShift = new double[Channels];
        for (int first = 0; first < x.Length; first += Channels)
        {
            int[] columns = [.. Enumerable.Range(0, Channels)];
            double mean = columns.Average(c => x[first + c]);
            double deviation = Math.Sqrt(columns.Average(c => Math.Pow(x[first + c] - mean, 2)) + Epsilon);
            double meanOfGradient = columns.Average(c => g[first + c] * scale[c]);
            double meanOfProduct = columns.Average(c => g[first + c] * scale[c] * (x[first + c] - mean) / deviation);
            foreach (int c in columns)
            {
                double normal = (x[first + c] - mean) / deviation;
                y[first + c] = (normal * scale[c]) + shift[c];
                back[first + c] = ((g[first + c] * scale[c]) - meanOfGradient - (normal * meanOfProduct)) / deviation;
                ofScale[c] += g[first + c] * normal;
                ofShift[c] += g[first + c];
            }
        }
        return [.. y, .. back, .. ofScale, .. ofShift];
    }

    private static T[] Run<T>(WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpacedRows<T> input = new(Batch, Features, Numbers(1, Batch * Features)), output = new(Batch, Features, T.NaN);
        SpacedRows<T> derivatives = new(Batch, Features, Numbers(2, Batch * Features)), back = new(Batch, Features, T.NaN);
        T[] scale = [.. Numbers(3, Channels).Select(T.CreateChecked)], shift = [.. Numbers(4, Channels).Select(T.CreateChecked)];
        T[] scaleGradient = new T[Channels], shiftGradient = new T[Channels];
        var normalization = new LayerNormalization<T>(Positions, Channels, Epsilon, Batch + 2, trains: true);
        normalization.Forward(input.View, scale, shift, output.View, workers);
        normalization.Backward(
            new(input.View, derivatives.View, scale)
            {
                InputGradient = back.View,
                ScaleGradient = scaleGradient,
                ShiftGradient = shiftGradient,
            },
            workers);
        return [.. output.Numbers(), .. back.Numbers(), .. scaleGradient, .. shiftGradient];
    }

    // The numbers are floats, so that both precisions begin with the same.
    private static double[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(float)((random.NextDouble() * 2) - 1))];
    }
}
