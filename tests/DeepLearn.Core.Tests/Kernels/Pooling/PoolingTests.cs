using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Kernels.Pooling;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Pooling;

/// <summary>The public face of pooling, as a stranger's layer calls it.</summary>
[Collection(Alone.Name)]
public class PoolingTests
{
    private const int Batch = 7;
    private static readonly PoolGeometry Geometry = new(new(7, 3, 2, 1, 1, 1), new(6, 2, 1, 1, 0, 1), 19);

    [Fact]
    public void Pooling_on_any_number_of_threads_and_at_every_width_equals_its_definition()
    {
        foreach (int threads in (int[])[1, 2, 4])
        {
            using var workers = new WorkerPool(threads);
            foreach (int width in Widths.All)
            {
                Widths.At(width, () =>
                {
                    CheckMax<float>(workers);
                    CheckMax<double>(workers);
                    foreach (bool countsPadding in (bool[])[false, true])
                    {
                        CheckAverage<float>(countsPadding, workers);
                        CheckAverage<double>(countsPadding, workers);
                    }
                });
            }
        }
    }

    [Fact]
    public void Pooling_of_no_examples_does_nothing()
    {
        MaxPooling.Forward<float>(Geometry, new Matrix<float>(0, Geometry.InputCount), new Matrix<float>(0, Geometry.OutputCount), default,
            WorkerPool.Single);
        AveragePooling.Backward<float>(
            Geometry, true, new Matrix<float>(0, Geometry.OutputCount), new Matrix<float>(0, Geometry.InputCount), WorkerPool.Single);
    }

    [Fact]
    public void Pooling_operand_of_another_shape_is_refused_before_anything_is_written()
    {
        Matrix<float> input = new(2, Geometry.InputCount), output = new(2, Geometry.OutputCount), other = new(2, 5), third = new(3, 5);
        output.AsSpan().Fill(5);
        Refuses($"input of shape [2, {Geometry.InputCount}]; found [2, 5]", () => Max(other, output, default));
        Refuses($"output of shape [3, {Geometry.OutputCount}]", () => Max(new Matrix<float>(3, Geometry.InputCount), output, default));
        Refuses($"places of shape [2, {Geometry.OutputCount}]; found [3, 5]", () => Max(input, output, third));
        Refuses("share memory", () => Max(input, output, output));
        Refuses($"outputGradient of shape [2, {Geometry.OutputCount}]", () =>
            MaxPooling.Backward<float>(Geometry, other, output, input, WorkerPool.Single));
        Refuses($"places of shape [2, {Geometry.OutputCount}]", () =>
            MaxPooling.Backward<float>(Geometry, output, other, input, WorkerPool.Single));
        Refuses($"inputGradient of shape [2, {Geometry.InputCount}]", () =>
            AveragePooling.Backward<float>(Geometry, false, output, other, WorkerPool.Single));
        Refuses($"output of shape [2, {Geometry.OutputCount}]", () =>
            AveragePooling.Forward<float>(Geometry, false, input, other, WorkerPool.Single));
        Refuses($"input of shape [2, {Geometry.InputCount}]; found [2, 5]", () =>
            AveragePooling.Forward<float>(Geometry, false, other, output, WorkerPool.Single));
        Refuses("share memory", () =>
            AveragePooling.Forward<float>(Geometry, false, input, input.View.Slice(0, 0, 2, Geometry.OutputCount), WorkerPool.Single));
        Refuses("'geometry'", () => AveragePooling.Forward<float>(null!, false, input, output, WorkerPool.Single));
        Refuses("'workers'", () => AveragePooling.Forward<float>(Geometry, false, input, output, null!));
        Assert.All(output.AsSpan().ToArray(), value => Assert.Equal(5f, value));

        static void Max(Matrix<float> from, Matrix<float> to, Matrix<float>? places) => MaxPooling.Forward<float>(
            Geometry, from, to, places is null ? default : places.View, WorkerPool.Single);
    }

    [Fact]
    public void Pool_geometry_that_makes_no_sense_is_refused()
    {
        Refuses("less padding than its window", () => new PoolGeometry(new(5, 2, 1, 1, 2, 0), new(5, 2), 1));
        Refuses("without dilation", () => new PoolGeometry(new(5, 2), new(5, 2, 1, 2), 1));
        Refuses("with an output", () => new PoolGeometry(new(5, 6), new(5, 2), 1));
        Refuses("channels", () => new PoolGeometry(new(5, 2), new(5, 2), 0));
        Refuses("at most", () => new PoolGeometry(new(1 << 20, 2), new(1 << 20, 2), 1));
        var wide = new PoolGeometry(new(1 << 12, 1 << 12), new(1 << 12, 1 << 12), 1);
        Refuses("elements; found 16777216", () =>
            MaxPooling.Forward<float>(wide, new Matrix<float>(0, 1), new Matrix<float>(0, 1), default, WorkerPool.Single));
    }

    private static void Refuses(string expected, Action action) =>
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static void CheckMax<T>(WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] input = Numbers(1, Batch * Geometry.InputCount), gradient = Numbers(2, Batch * Geometry.OutputCount);
        double[] expected = new double[gradient.Length], expectedBack = new double[input.Length];
        Each((example, output, window) =>
        {
            int best = window.MaxBy(place => (input[place], -place));
            expected[output] = input[best];
            expectedBack[best] += gradient[output];
        });
        var to = new SpacedRows<T>(Batch, Geometry.OutputCount, T.NaN);
        SpacedRows<T> places = new(Batch, Geometry.OutputCount, T.NaN), back = new(Batch, Geometry.InputCount, T.NaN);
        SpacedRows<T> from = new(Batch, Geometry.InputCount, input), derivatives = new(Batch, Geometry.OutputCount, gradient);
        MaxPooling.Forward<T>(Geometry, from.View, to.View, places.View, workers);
        MaxPooling.Backward<T>(Geometry, derivatives.View, places.View, back.View, workers);
        Assert.Equal(expected.Select(T.CreateChecked), to.Numbers());
        Assert.Equal(expectedBack.Select(T.CreateChecked), back.Numbers());
        MaxPooling.Forward<T>(Geometry, from.View, derivatives.View, default, workers);
        Assert.Equal(expected.Select(T.CreateChecked), derivatives.Numbers());
    }

    private static void CheckAverage<T>(bool countsPadding, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] input = Numbers(1, Batch * Geometry.InputCount), gradient = Numbers(2, Batch * Geometry.OutputCount);
        double[] expected = new double[gradient.Length], expectedBack = new double[input.Length];
        Each((example, output, window) =>
        {
            int count = countsPadding ? Geometry.Vertical.Kernel * Geometry.Horizontal.Kernel : window.Length;
            expected[output] = window.Sum(place => input[place]) / count;
            foreach (int place in window)
                expectedBack[place] += gradient[output] / count;
        });
        SpacedRows<T> from = new(Batch, Geometry.InputCount, input), derivatives = new(Batch, Geometry.OutputCount, gradient);
        SpacedRows<T> to = new(Batch, Geometry.OutputCount, T.NaN), back = new(Batch, Geometry.InputCount, T.NaN);
        AveragePooling.Forward<T>(Geometry, countsPadding, from.View, to.View, workers);
        AveragePooling.Backward<T>(Geometry, countsPadding, derivatives.View, back.View, workers);
        double tolerance = typeof(T) == typeof(float) ? 1e-5 : 1e-13;
        Assert.All(expected.Zip(to.Numbers()), pair => Assert.Equal(pair.First, double.CreateChecked(pair.Second), tolerance));
        Assert.All(expectedBack.Zip(back.Numbers()), pair => Assert.Equal(pair.First, double.CreateChecked(pair.Second), tolerance));
    }

    /// <summary>Every output of the batch, and the inputs of its window within the image.</summary>
    private static void Each(Action<int, int, int[]> action)
    {
        WindowAxis down = Geometry.Vertical, across = Geometry.Horizontal;
        for (int output = 0; output < Batch * Geometry.OutputCount; output++)
        {
            (int example, int within) = Math.DivRem(output, Geometry.OutputCount);
            (int position, int channel) = Math.DivRem(within, Geometry.Channels);
            (int y, int x) = Math.DivRem(position, across.Output);
            int top = (y * down.Stride) - down.Before, left = (x * across.Stride) - across.Before;
            int[] window = [.. from i in Enumerable.Range(top, down.Kernel)
                               from j in Enumerable.Range(left, across.Kernel)
                               where i >= 0 && i < down.Input && j >= 0 && j < across.Input
                               select (example * Geometry.InputCount) + (((i * across.Input) + j) * Geometry.Channels) + channel];
            action(example, output, window);
        }
    }

    // Small whole numbers, so that there are equals.
    private static double[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-4, 5))];
    }
}
