using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Normalization;

/// <summary>The public face of batch normalization, as a stranger's layer calls it.</summary>
[Collection(Alone.Name)]
public class BatchNormalizationTests
{
    // Several blocks of examples, the last of them smaller.
    private const int Batch = 21, Positions = 90, Channels = 19, Features = Positions * Channels;
    private const double Epsilon = 1e-3;

    [Fact]
    public void Batch_normalization_equals_double_and_has_the_same_bits_on_any_threads_and_at_every_width()
    {
        Check<float>(2e-4);
        Check<double>(1e-11);
    }

    [Fact]
    public void Batch_normalization_may_write_over_its_input_and_its_gradient()
    {
        double[] x = Numbers(1, Batch * Features), gradient = Numbers(2, Batch * Features);
        float[] apart = Run<float>(WorkerPool.Single, relu: false);
        SpacedRows<float> input = new(Batch, Features, x), derivatives = new(Batch, Features, gradient), output = new(Batch, Features, x);
        float[] scale = Floats(3), shift = Floats(4), scaleGradient = new float[Channels], shiftGradient = new float[Channels];
        BatchNormalization<float> over = Training();
        over.Forward(output.View, scale, shift, false, output.View, WorkerPool.Single);
        over.Backward(
            new(input.View, derivatives.View, scale)
            {
                InputGradient = derivatives.View,
                ScaleGradient = scaleGradient,
                ShiftGradient = shiftGradient,
            },
            false, WorkerPool.Single);
        Bits.AssertSame<float>(apart, [.. output.Numbers(), .. derivatives.Numbers(), .. scaleGradient, .. shiftGradient], "in place");
    }

    [Fact]
    public void Batch_normalization_that_follows_its_input_has_the_bits_of_a_pass_of_its_own()
    {
        double[] x = Numbers(1, Batch * Features);
        float[] scale = Floats(3), shift = Floats(4);
        SpacedRows<float> input = new(Batch, Features, x), expected = new(Batch, Features, 0), found = new(Batch, Features, 0);
        BatchNormalization<float> apart = Training(), following = Training();
        apart.Forward(input.View, scale, shift, true, expected.View, WorkerPool.Single);
        using var workers = new WorkerPool(4);
        foreach (int width in Widths.All)
        {
            foreach (int reported in (int[])[Batch, Batch - 1, 0])
            {
                Widths.At(width, () =>
                {
                    var writing = new Writing { Follower = following.Follow(Batch), Output = input.View };
                    workers.Run(ref writing, 2 * reported);
                    following.Forward(input.View, scale, shift, true, found.View, workers);
                });
                string what = $"{reported} examples reported, width {width}";
                Bits.AssertSame<double>(apart.Means.ToArray(), following.Means.ToArray(), $"{what}, means");
                Bits.AssertSame<double>(apart.Variances.ToArray(), following.Variances.ToArray(), $"{what}, variances");
                Bits.AssertSame<float>(expected.Numbers(), found.Numbers(), what);
            }
        }
    }

    [Fact]
    public void Batch_normalization_that_follows_reads_each_example_when_it_has_been_written_and_once_alone()
    {
        float[] ones = [1, 1], zeros = [0, 0];
        Matrix<float> written = Matrix<float>.CopyOf(new ReadOnlyMatrixView<float>([1, 10, 3, 20], 2, 2)), output = new(2, 2);
        var normalization = new BatchNormalization<float>(1, 2, Epsilon, 2, trains: true);
        IOutputFollower<float> follower = normalization.Follow(2);
        follower.Wrote(written, 1, 1);
        follower.Wrote(written, 0, 2);
        follower.Wrote(written, 1, 1);
        Matrix<float> other = Matrix<float>.CopyOf(new ReadOnlyMatrixView<float>([5, 5, 5, 5], 2, 2));
        normalization.Forward(other, ones, zeros, false, output, WorkerPool.Single);
        Assert.Equal([2.0, 15], normalization.Means.ToArray());
        normalization.Forward(other, ones, zeros, false, output, WorkerPool.Single);
        Assert.Equal([5.0, 5], normalization.Means.ToArray());
    }

    [Fact]
    public void Batch_normalization_follower_refuses_another_shape()
    {
        var one = new BatchNormalization<float>(2, 3, Epsilon, 4, trains: true);
        Refuses("at least one example", () => one.Follow(0));
        Refuses("at most 4 examples", () => one.Follow(5));
        Refuses("made for training", () => new BatchNormalization<float>(2, 3, Epsilon, 4, trains: false).Follow(1));
        IOutputFollower<float> follower = one.Follow(3);
        Refuses("output of shape [3, 6]; found [3, 5]", () => follower.Wrote(new Matrix<float>(3, 5), 0, 5));
        Refuses("output of shape [3, 6]; found [4, 6]", () => follower.Wrote(new Matrix<float>(4, 6), 0, 6));
        Refuses("example", () => follower.Wrote(new Matrix<float>(3, 6), 3, 6));
        Refuses("example", () => follower.Wrote(new Matrix<float>(3, 6), -1, 6));
    }

    [Fact]
    public void Batch_normalization_by_given_statistics_equals_double()
    {
        double[] x = Numbers(1, Batch * Features);
        float[] mean = Floats(5), variance = [.. Floats(6).Select(Math.Abs)], scale = Floats(3), shift = Floats(4);
        SpacedRows<float> input = new(Batch, Features, x), output = new(Batch, Features, float.NaN);
        new BatchNormalization<float>(Positions, Channels, Epsilon, 1, trains: false).Apply(
            input.View, mean, variance, scale, shift, true, output.View, WorkerPool.Single);
        float[] found = output.Numbers();
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % Channels;
            double value = ((x[i] - mean[c]) / Math.Sqrt(variance[c] + Epsilon) * scale[c]) + shift[c];
            Assert.Equal(Math.Max(0, value), found[i], 1e-4 * Math.Max(1, Math.Abs(value)));
        }
    }

    [Fact]
    public void Batch_normalization_refuses_what_does_not_fit_before_anything_is_written()
    {
        var one = new BatchNormalization<float>(2, 3, Epsilon, 4, trains: true);
        Matrix<float> x = new(4, 6), y = new(4, 6), five = new(5, 6), other = new(4, 5);
        float[] three = [7, 7, 7], four = new float[4];
        y.AsSpan().Fill(5);
        WorkerPool single = WorkerPool.Single;
        Refuses("expected a forward pass", () => one.Backward(
            new(x, y, three) { ScaleGradient = new float[3], ShiftGradient = new float[3] }, false, single));
        Refuses("input of shape [4, 6]; found [4, 5]", () => one.Forward(other, three, three, false, y, single));
        Refuses("output of shape [4, 6]; found [4, 5]", () => one.Forward(x, three, three, false, other, single));
        Refuses("scale of shape [3]; found [4]", () => one.Forward(x, four, three, false, y, single));
        Refuses("shift of shape [3]; found [4]", () => one.Forward(x, three, four, false, y, single));
        Refuses("at most 4 examples", () => one.Forward(five, three, three, false, five, single));
        Refuses("at least one example", () => one.Forward(new Matrix<float>(0, 6), three, three, false, new Matrix<float>(0, 6), single));
        Refuses("share memory", () => one.Forward(five.SliceRows(0, 3), three, three, false, five.SliceRows(1, 3), single));
        Refuses("mean of shape [3]", () => one.Apply(x, four, three, three, three, false, y, single));
        Assert.All(y.AsSpan().ToArray(), value => Assert.Equal(5f, value));
        one.Forward(x, three, three, false, y, single);
        Refuses("input of shape [4, 6]; found [5, 6]", () => one.Backward(
            new(five, five, three) { ScaleGradient = new float[3], ShiftGradient = new float[3] }, false, single));
        Refuses("outputGradient", () => one.Backward(
            new(x, other, three) { ScaleGradient = new float[3], ShiftGradient = new float[3] }, false, single));
        Refuses("inputGradient", () => one.Backward(
            new(x, y, three) { InputGradient = other, ScaleGradient = new float[3], ShiftGradient = new float[3] }, false, single));
        Refuses("scaleGradient of shape [3]", () => one.Backward(
            new(x, y, three) { ScaleGradient = four, ShiftGradient = new float[3] }, false, single));
        Refuses("share memory", () => one.Backward(
            new(x, y, three) { ScaleGradient = three, ShiftGradient = new float[3] }, false, single));
        var applying = new BatchNormalization<float>(2, 3, Epsilon, 4, trains: false);
        Refuses("made for training", () => applying.Forward(x, three, three, false, y, single));
        Refuses("positions", () => new BatchNormalization<float>(0, 3, Epsilon, 4, true));
        Refuses("epsilon", () => new BatchNormalization<float>(2, 3, 0, 4, true));
        Refuses("capacity", () => new BatchNormalization<float>(2, 3, Epsilon, 0, true));
    }

    /// <summary>Reports the examples from the last to the first, each in two unequal parts, from several threads.</summary>
    private ref struct Writing : IParallelBody
    {
        public required IOutputFollower<float> Follower;
        public required ReadOnlyMatrixView<float> Output;

        public readonly void Run(int part) =>
            Follower.Wrote(Output, Batch - 1 - (part / 2), part % 2 == 0 ? Features - 7 : 7);
    }

    private static void Refuses(string expected, Action action) =>
        Assert.Contains(expected, Assert.ThrowsAny<Exception>(action).Message, StringComparison.OrdinalIgnoreCase);

    private static void Check<T>(double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (bool relu in (bool[])[false, true])
        {
            double[] expected = Definition(relu);
            T[] first = Run<T>(WorkerPool.Single, relu);
            Assert.Equal(expected.Length, first.Length);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], double.CreateChecked(first[i]), tolerance * Math.Max(1, Math.Abs(expected[i])));
            foreach (int threads in (int[])[1, 2, 4])
            {
                using var workers = new WorkerPool(threads);
                foreach (int width in Widths.All)
                    Widths.At(width, () => Bits.AssertSame<T>(first, Run<T>(workers, relu), $"{threads} threads, width {width}"));
            }
        }
    }

    /// <summary>Results, gradient of the input, and those of scale and shift, in double.</summary>
    private static double[] Definition(bool relu)
    {
        double[] x = Numbers(1, Batch * Features), g = Numbers(2, Batch * Features), y = new double[x.Length], back = new double[x.Length];
        double[] ofScale = new double[Channels], ofShift = new double[Channels];
        for (int c = 0; c < Channels; c++)
        {
            int[] places = [.. Enumerable.Range(0, x.Length).Where(i => i % Channels == c)];
            double scale = Numbers(3, Channels)[c], shift = Numbers(4, Channels)[c], mean = places.Average(i => x[i]);
            double deviation = Math.Sqrt(places.Average(i => (x[i] - mean) * (x[i] - mean)) + Epsilon);
            double meanOfGradient = places.Average(i => g[i]), meanOfProduct = places.Average(i => g[i] * (x[i] - mean) / deviation);
            foreach (int i in places)
            {
                double normal = (x[i] - mean) / deviation, value = (normal * scale) + shift;
                y[i] = relu ? Math.Max(0, value) : value;
                back[i] = scale / deviation * (g[i] - meanOfGradient - (normal * meanOfProduct));
                ofScale[c] += g[i] * normal;
                ofShift[c] += g[i];
            }
        }
        return [.. y, .. back, .. ofScale, .. ofShift];
    }

    private static T[] Run<T>(WorkerPool workers, bool relu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpacedRows<T> input = new(Batch, Features, Numbers(1, Batch * Features)), output = new(Batch, Features, T.NaN);
        SpacedRows<T> derivatives = new(Batch, Features, Numbers(2, Batch * Features)), back = new(Batch, Features, T.NaN);
        T[] scale = [.. Numbers(3, Channels).Select(T.CreateChecked)], shift = [.. Numbers(4, Channels).Select(T.CreateChecked)];
        T[] scaleGradient = new T[Channels], shiftGradient = new T[Channels], again = new T[Channels];
        var normalization = new BatchNormalization<T>(Positions, Channels, Epsilon, Batch + 2, trains: true);
        normalization.Forward(input.View, scale, shift, relu, output.View, workers);
        normalization.Backward(
            new(input.View, derivatives.View, scale) { ScaleGradient = again, ShiftGradient = shiftGradient }, false, workers);
        normalization.Backward(
            new(input.View, derivatives.View, scale)
            {
                InputGradient = back.View,
                ScaleGradient = scaleGradient,
                ShiftGradient = shiftGradient,
            },
            false, workers);
        Assert.Equal(again, scaleGradient);
        return [.. output.Numbers(), .. back.Numbers(), .. scaleGradient, .. shiftGradient];
    }

    private static BatchNormalization<float> Training() => new(Positions, Channels, Epsilon, Batch, trains: true);

    private static float[] Floats(int seed) => [.. Numbers(seed, Channels).Select(number => (float)number)];

    // The numbers are floats, so that both precisions begin with the same; none lies so near to a kink that rounding decides.
    private static double[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(float)((random.NextDouble() * 2) - 1))];
    }
}
