using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>Each layer on an example small enough for a sheet of paper; the values of functions are their textbooks'.</summary>
public class LayerKnownAnswerTests
{
    public static TheoryData<Layer, double, double, double> Functions => new()
    {
        // Layer, x, f(x), f'(x).
        { new Relu(), 2, 2, 1 },
        { new Relu(), -2, 0, 0 },
        { new Relu(), 0, 0, 0 },
        { new LeakyRelu(0.1), -2, -0.2, 0.1 },
        { new LeakyRelu(0.1), 3, 3, 1 },
        { new LeakyRelu(0.1), 0, 0, 0.1 },
        { new Elu(2), -1, -1.2642411176571153, 0.7357588823428847 },
        { new Elu(2), 1.5, 1.5, 1 },
        { new Gelu(), 1, 0.8413447460685429, 1.0833154705876864 },
        { new Gelu(), -1, -0.15865525393145707, -0.0833154705876864 },
        { new Gelu(GeluForm.Tanh), 1, 0.8411919906082768, 1.0829640838457826 },
        { new Silu(), 1, 0.7310585786300049, 0.9276705118714867 },
        { new Sigmoid(), 0, 0.5, 0.25 },
        { new Sigmoid(), 1, 0.7310585786300049, 0.19661193324148185 },
        { new Tanh(), 1, 0.7615941559557649, 0.41997434161402614 },
        { new Softplus(), 0, 0.6931471805599453, 0.5 },
        { new Softplus(), 800, 800, 1 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void ActivationLayer_value_and_derivative_equal_those_of_its_function(Layer layer, double x, double value, double derivative)
    {
        (double[] outputs, double[] gradient, _) = Run(layer, 1, [x], [1]);
        Assert.Equal(value, outputs[0], 1e-14 * (1 + Math.Abs(value)));
        Assert.Equal(derivative, gradient[0], 1e-13);
    }

    [Fact]
    public void Convolution2D_output_and_gradients_equal_a_hand_calculation()
    {
        Model<double> model = Build(new Convolution2D(1, 2), new Shape(3, 3, 1), [1, 2, 3, 4], [10]);
        (double[] outputs, double[] gradient, double[][] parameters) = Run(model, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 1, 1]);
        Assert.Equal([47, 57, 77, 87], outputs);
        Assert.Equal([1, 3, 2, 4, 10, 6, 3, 7, 4], gradient);
        Assert.Equal([12, 16, 24, 28], parameters[0]);
        Assert.Equal([4], parameters[1]);
    }

    [Fact]
    public void Convolution2D_pads_with_zeros_and_stride_skips_positions()
    {
        // The four patches of 2x2 around [1 2; 3 4] with a border of zeros, two apart.
        Model<double> model = Build(new Convolution2D(1, 2) { Padding = 1, Stride = 2 }, new Shape(2, 2, 1), [1, 10, 100, 1000], [0]);
        (double[] outputs, double[] gradient, _) = Run(model, [1, 2, 3, 4], [1, 1, 1, 1]);
        Assert.Equal([1000, 200, 30, 4], outputs);
        Assert.Equal([1000, 100, 10, 1], gradient);
    }

    [Fact]
    public void Convolution2D_with_dilation_two_reads_every_other_position()
    {
        Model<double> model = Build(new Convolution2D(1, 2) { Dilation = 2 }, new Shape(3, 3, 1), [1, 10, 100, 1000], [0]);
        Assert.Equal([1 + 30 + 700 + 9000], Run(model, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1]).Outputs);
    }

    [Fact]
    public void Convolution2D_with_groups_sees_only_the_channels_of_each_group()
    {
        // Two channels in, two groups of two filters: filters 0 and 1 see channel 0, filters 2 and 3 channel 1.
        Model<double> model = Build(new Convolution2D(4, 1) { Groups = 2 }, new Shape(1, 1, 2), [1, 2, 3, 4], [0, 0, 0, 0]);
        (double[] outputs, double[] gradient, double[][] parameters) = Run(model, [10, 100], [1, 1, 1, 1]);
        Assert.Equal([10, 20, 300, 400], outputs);
        Assert.Equal([3, 7], gradient);
        Assert.Equal([10, 10, 100, 100], parameters[0]);
    }

    [Theory]
    [InlineData(5, 3, 1, 5)]
    [InlineData(5, 3, 2, 3)]
    [InlineData(6, 3, 2, 3)]
    [InlineData(7, 2, 3, 3)]
    public void Convolution2D_same_padding_gives_one_output_a_stride(int side, int kernel, int stride, int outputs)
    {
        var layer = new Convolution2D(2, kernel) { Stride = stride, Padding = Padding2D.Same };
        Assert.Equal(new Shape(outputs, outputs, 2), layer.OutputShape(new Shape(side, side, 3)));
    }

    [Fact]
    public void Convolution2D_odd_same_padding_stands_at_the_end()
    {
        Model<double> model = Build(new Convolution2D(1, new(1, 2)) { Padding = Padding2D.Same }, new Shape(1, 3, 1), [1, 10], [0]);
        Assert.Equal([21, 32, 3], Run(model, [1, 2, 3], [1, 1, 1]).Outputs);
    }

    [Fact]
    public void MaxPool_takes_the_largest_and_of_equals_the_first()
    {
        (double[] outputs, double[] gradient, _) = Run(
            new MaxPool(2), new Shape(2, 4, 1), [1, 5, 2, 2, 3, 4, 2, 2], [10, 20]);
        Assert.Equal([5, 2], outputs);
        Assert.Equal([0, 10, 20, 0, 0, 0, 0, 0], gradient);
    }

    [Fact]
    public void MaxPool_overlapping_windows_add_their_gradients()
    {
        (double[] outputs, double[] gradient, _) = Run(
            new MaxPool(new Extent2D(1, 2)) { Stride = 1 }, new Shape(1, 3, 1), [-3, -1, -2], [10, 20]);
        Assert.Equal([-1, -1], outputs);
        Assert.Equal([0, 30, 0], gradient);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void MaxPool_takes_NaN_for_the_largest(int channels)
    {
        double[] image = [.. new[] { 1, double.NaN, 3, 2 }.SelectMany(x => Enumerable.Repeat(x, channels))];
        double[] outputs = Run(new MaxPool(2), new Shape(2, 2, channels), image, new double[channels]).Outputs;
        Assert.All(outputs, x => Assert.True(double.IsNaN(x)));
    }

    [Fact]
    public void MaxPool_padding_is_never_the_largest() =>
        Assert.Equal([-1, -2, -3, -4], Run(new MaxPool(2) { Padding = 1 }, new Shape(2, 2, 1), [-1, -2, -3, -4], [1, 1, 1, 1]).Outputs);

    [Theory]
    [InlineData(false, 1.0)]
    [InlineData(true, 0.25)]
    public void AveragePool_counts_its_padding_only_where_CountsPadding_is_set(bool counts, double share)
    {
        (double[] outputs, double[] gradient, _) = Run(
            new AveragePool(2) { Padding = 1, CountsPadding = counts }, new Shape(2, 2, 1), [1, 2, 3, 4], [1, 1, 1, 1]);
        Assert.Equal([share, 2 * share, 3 * share, 4 * share], outputs);
        Assert.Equal([share, share, share, share], gradient);
    }

    [Fact]
    public void GlobalAveragePool_averages_each_channel()
    {
        (double[] outputs, double[] gradient, _) = Run(
            new GlobalAveragePool(), new Shape(2, 2, 2), [1, 10, 2, 20, 3, 30, 6, 40], [4, 8]);
        Assert.Equal([3, 25], outputs);
        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2], gradient);
    }

    [Fact]
    public void BatchNorm_in_training_uses_batch_statistics_and_updates_its_moving_averages()
    {
        // 0, 3, 6: mean 3, population variance 6. The gradient (1, 0, 0) comes back as (1, -2, 1) / (6 sqrt(6)).
        Model<double> model = new BatchNorm { Epsilon = 1e-12 }.Build<double>(1, 1);
        (double[] outputs, double[] gradient, double[][] parameters) = Run(model, [0, 3, 6], [1, 0, 0]);
        double root = Math.Sqrt(6);
        AssertNear([-3 / root, 0, 3 / root], outputs);
        AssertNear([1 / (6 * root), -2 / (6 * root), 1 / (6 * root)], gradient);
        AssertNear([-3 / root], parameters[0]);
        AssertNear([1], parameters[1]);
        AssertNear([0.3], model.Buffers[0].Value.AsSpan().ToArray());
        AssertNear([0.9 + 0.6], model.Buffers[1].Value.AsSpan().ToArray());
        AssertNear([(3 - 0.3) / Math.Sqrt(1.5)], model.Predict(Matrix<double>.FromArray(new double[,] { { 3 } })).AsSpan().ToArray());
        Assert.Equal(["mean", "variance"], model.Buffers.Select(buffer => buffer.Name));
    }

    [Fact]
    public void BatchNorm_of_images_averages_over_positions()
    {
        Model<double> model = new BatchNorm { Epsilon = 1e-12 }.Build<double>(new Shape(1, 3, 1), 1);
        AssertNear([-3 / Math.Sqrt(6), 0, 3 / Math.Sqrt(6)], Run(model, [0, 3, 6], [1, 0, 0]).Outputs);
        AssertNear([0.3], model.Buffers[0].Value.AsSpan().ToArray());
    }

    [Fact]
    public void BatchNorm_with_a_large_mean_keeps_its_digits()
    {
        // The textbook's formula, mean of squares less square of mean, has nothing left of the variance here.
        var examples = new Matrix<float>(300, 1);
        for (int i = 0; i < 300; i++)
            examples[i, 0] = 10_000 + (i % 3);
        Model<float> model = new BatchNorm().Build<float>(1, 1);
        ReadOnlyMatrixView<float> outputs = model.CreateWorkspace(300, RunMode.Training).Forward(examples);
        for (int i = 0; i < 300; i++)
            Assert.Equal(((i % 3) - 1) / Math.Sqrt((2 / 3.0) + 1e-5), outputs[i, 0], 1e-3);
    }

    [Fact]
    public void LayerNorm_normalizes_the_last_axis_of_each_example()
    {
        Model<double> model = new LayerNorm { Epsilon = 1e-12 }.Build<double>(new Shape(1, 2, 3), 1);
        (double[] outputs, double[] gradient, double[][] parameters) = Run(model, [0, 3, 6, 5, 5, 8], [1, 0, 0, 0, 0, 0]);
        double root = Math.Sqrt(6), other = Math.Sqrt(2);
        AssertNear([-3 / root, 0, 3 / root, -1 / other, -1 / other, 2 / other], outputs);
        AssertNear([1 / (6 * root), -2 / (6 * root), 1 / (6 * root), 0, 0, 0], gradient);
        AssertNear([-3 / root, 0, 0], parameters[0]);
        AssertNear([1, 0, 0], parameters[1]);
    }

    [Fact]
    public void Residual_adds_its_input()
    {
        (double[] outputs, double[] gradient, _) = Run(new Residual(new Relu()), 2, [-1, 2], [1, 1]);
        Assert.Equal([-1, 4], outputs);
        Assert.Equal([1, 2], gradient);
    }

    [Fact]
    public void Residual_with_projection_adds_the_projected_input()
    {
        Model<double> model = Build(new Residual(new Dense(1), new Dense(1)), 2, [1, 2], [3], [10, 20], [30]);
        Assert.Equal(["dense1/weights", "dense1/biases", "projection/weights", "projection/biases"], model.Parameters.Select(p => p.Name));
        (double[] outputs, double[] gradient, _) = Run(model, [5, 7], [1]);
        Assert.Equal([5 + 14 + 3 + 50 + 140 + 30], outputs);
        Assert.Equal([11, 22], gradient);
    }

    [Fact]
    public void TestTimeAugmentation_predicts_the_mean_over_its_views_and_trains_as_its_network()
    {
        // Of the image 1 2 3 over 4 5 6: moved down by one and to the left by one, then mirrored.
        var layer = new TestTimeAugmentation(
            new Flatten(), new ImageView { Weight = 3 }, new ImageView { Down = 1, Right = -1, Mirrored = true, Weight = 1 });
        Model<double> model = layer.Build<double>(new Shape(2, 3, 1), 1);
        var image = Matrix<double>.CopyOf(new([1, 2, 3, 4, 5, 6], 1, 6));
        double[] moved = [5, 6, 5, 2, 3, 2];
        Assert.Equal(
            image.AsSpan().ToArray().Zip(moved, (one, other) => (0.75 * one) + (0.25 * other)), model.Predict(image).AsSpan().ToArray());
        (double[] outputs, double[] gradient, _) = Run(model, [1, 2, 3, 4, 5, 6], [1, 0, 0, 2, 0, 0]);
        Assert.Equal([1, 2, 3, 4, 5, 6], outputs);
        Assert.Equal([1, 0, 0, 2, 0, 0], gradient);
    }

    [Fact]
    public void Ensemble_averages_the_probabilities_of_its_members()
    {
        // Two members with the scores (x, 0) and (0, x) at x = log 3: probabilities 3/4, 1/4 and 1/4, 3/4, whose mean is 1/2, 1/2.
        Model<double> model = Build(
            new Ensemble(EnsembleCombination.Average, new Dense(2), new Dense(2)), 1, [1, 0], [0, 0], [0, 1], [0, 0]);
        (double[] outputs, _, double[][] parameters) = Run(model, [Math.Log(3)], [1, 0]);
        AssertNear([Math.Log(0.5), Math.Log(0.5)], outputs);

        // The derivative of log of the mean at p = 3/4 is 3/4 * 1/4 / (2 * 1/2), for the score and, negative, for the other.
        AssertNear([3.0 / 16, -3.0 / 16], parameters[1]);
        AssertNear([3.0 / 16, -3.0 / 16], parameters[3]);
    }

    [Fact]
    public void Ensemble_probability_that_underflows_has_a_finite_logarithm_and_no_gradient()
    {
        Model<float> model = new Ensemble(EnsembleCombination.Average, new Flatten()).Build<float>(2, 1);
        ModelWorkspace<float> workspace = model.CreateWorkspace(1, RunMode.Training);
        float[] scores = [200, 0];
        var input = new ReadOnlyMatrixView<float>(scores, 1, 2);
        Assert.Equal(-87.3f, workspace.Forward(input)[0, 1], 0.1f);
        var gradient = new Matrix<float>(1, 2);
        workspace.OutputGradient.Fill(1000);
        workspace.Backward(input, gradient);
        Assert.Equal([0, 0], gradient.AsSpan().ToArray());
    }

    [Fact]
    public void Flatten_keeps_the_order_of_elements()
    {
        Assert.Equal(new Shape(12), new Flatten().OutputShape(new Shape(2, 2, 3)));
        Assert.Equal([1, 2, 3, 4], Run(new Flatten(), new Shape(2, 1, 2), [1, 2, 3, 4], [1, 1, 1, 1]).Outputs);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.25)]
    [InlineData(0.9)]
    public void Dropout_drops_at_its_rate_and_keeps_the_mean(double rate)
    {
        const int Count = 100_000;
        double[] ones = [.. Enumerable.Repeat(1.0, Count)];
        (double[] outputs, double[] gradient, _) = Run(new Dropout(rate), Count, ones, ones);
        Assert.Equal(outputs, gradient);
        Assert.All(outputs, x => Assert.True(x == 0 || Math.Abs(x - (1 / (1 - rate))) < 1e-12));
        double deviation = Math.Sqrt(rate * (1 - rate) / Count);
        Assert.Equal(rate, outputs.Count(x => x == 0) / (double)Count, (5 * deviation) + 1e-12);
    }

    [Fact]
    public void Dropout_draws_another_mask_for_every_step_row_and_layer()
    {
        Model<float> model = new Sequential(new Dropout(), new Dropout()).Build<float>(64, 1);
        ModelWorkspace<float> workspace = model.CreateWorkspace(2, RunMode.Training);
        var examples = new Matrix<float>(2, 64);
        examples.View.Fill(1);
        var seen = new List<string>();
        for (int step = 0; step < 3; step++)
        {
            workspace.SetNoise(RandomKey.FromSeed(1).Derive(step));
            ReadOnlyMatrixView<float> outputs = workspace.Forward(examples);
            seen.Add(string.Concat(outputs.Row(0).ToArray().Select(x => x == 0 ? '0' : '1')));
            seen.Add(string.Concat(outputs.Row(1).ToArray().Select(x => x == 0 ? '0' : '1')));
        }
        Assert.Equal(seen.Count, seen.Distinct().Count());

        // Two layers with one mask would keep half; two with their own, a quarter.
        Assert.InRange(seen.Sum(mask => mask.Count(x => x == '1')) / (64.0 * seen.Count), 0.15, 0.35);
    }

    private static Model<double> Build(Layer layer, Shape input, params double[][] parameters)
    {
        Model<double> model = layer.Build<double>(input, 1);
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].CopyTo(model.Parameters[i].Value.AsSpan());
        return model;
    }

    private static (double[] Outputs, double[] Gradient, double[][] Parameters) Run(
        Layer layer, Shape input, double[] examples, double[] derivatives) =>
        Run(layer.Build<double>(input, 1), examples, derivatives);

    private static (double[] Outputs, double[] Gradient, double[][] Parameters) Run(
        Model<double> model, double[] examples, double[] derivatives)
    {
        int batch = examples.Length / model.InputShape.Count;
        var input = new ReadOnlyMatrixView<double>(examples, batch, model.InputShape.Count);
        var gradient = new Matrix<double>(batch, model.InputShape.Count);
        ModelWorkspace<double> workspace = model.CreateWorkspace(batch, RunMode.Training);
        workspace.SetNoise(RandomKey.FromSeed(4));
        double[] outputs = workspace.Forward(input).AsSpan().ToArray();
        derivatives.CopyTo(workspace.OutputGradient.AsSpan());
        workspace.Backward(input, gradient);
        return (outputs, gradient.AsSpan().ToArray(), [.. model.Parameters.Select(parameter => parameter.Gradient.AsSpan().ToArray())]);
    }

    private static void AssertNear(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-11);
    }
}
