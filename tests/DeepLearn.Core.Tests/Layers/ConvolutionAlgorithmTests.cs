using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>A convolution by each of its algorithms: which is taken, and that all of them are the same convolution.</summary>
public class ConvolutionAlgorithmTests
{
    public static TheoryData<ConvolutionAlgorithm> Algorithms => [.. Enum.GetValues<ConvolutionAlgorithm>()];

    [Theory]
    [InlineData(ConvolutionAlgorithm.Direct, 64, 64, 16, 0)]
    [InlineData(ConvolutionAlgorithm.Accurate, 32, 32, 16, 2)]
    [InlineData(ConvolutionAlgorithm.Accurate, 31, 64, 16, 0)]
    [InlineData(ConvolutionAlgorithm.Accurate, 64, 31, 16, 0)]
    [InlineData(ConvolutionAlgorithm.Accurate, 64, 64, 1, 0)]
    [InlineData(ConvolutionAlgorithm.Fastest, 16, 16, 16, 4)]
    [InlineData(ConvolutionAlgorithm.Fastest, 15, 64, 16, 0)]
    [InlineData(ConvolutionAlgorithm.Fastest, 64, 64, 2, 2)]
    public void Convolution2D_of_3x3_takes_the_tiles_of_its_algorithm_channels_and_size(
        ConvolutionAlgorithm algorithm, int channels, int filters, int side, int tile) =>
        Assert.Equal(tile, TileOf(new Convolution2D(filters, 3) { Padding = 1, Algorithm = algorithm }, new Shape(side, side, channels)));

    [Fact]
    public void Convolution2D_of_another_shape_is_direct_whatever_its_algorithm()
    {
        var shape = new Shape(16, 16, 64);
        var plain = new Convolution2D(64, 3) { Padding = 1, Algorithm = ConvolutionAlgorithm.Fastest };
        Assert.Equal(4, TileOf(plain, shape));
        Assert.Equal(0, TileOf(plain with { Stride = new(1, 2) }, shape));
        Assert.Equal(0, TileOf(plain with { Dilation = new(2, 1) }, shape));
        Assert.Equal(0, TileOf(plain with { Groups = 2 }, shape));
        Assert.Equal(0, TileOf(new Convolution2D(64, new(3, 5)) { Algorithm = ConvolutionAlgorithm.Fastest }, shape));
    }

    [Theory]
    [InlineData(ConvolutionAlgorithm.Direct, 64, 64, 16, 0)]
    [InlineData(ConvolutionAlgorithm.Accurate, 32, 32, 16, 2)]
    [InlineData(ConvolutionAlgorithm.Fastest, 32, 32, 16, 2)]
    [InlineData(ConvolutionAlgorithm.Fastest, 31, 64, 16, 0)]
    [InlineData(ConvolutionAlgorithm.Fastest, 64, 64, 1, 0)]
    public void Convolution2D_of_5x5_takes_the_tiles_of_its_algorithm_channels_and_size(
        ConvolutionAlgorithm algorithm, int channels, int filters, int side, int tile) =>
        Assert.Equal(tile, TileOf(new Convolution2D(filters, 5) { Padding = 2, Algorithm = algorithm }, new Shape(side, side, channels)));

    [Fact]
    public void Convolution2D_is_the_fastest_unless_it_is_told_otherwise() =>
        Assert.Equal(ConvolutionAlgorithm.Fastest, new Convolution2D(4, 3).Algorithm);

    [Fact]
    public void Convolution2D_refuses_an_unknown_algorithm() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Convolution2D(4, 3) { Algorithm = (ConvolutionAlgorithm)3 });

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Convolution2D_gradients_agree_with_numeric_ones_by_every_algorithm(ConvolutionAlgorithm algorithm)
    {
        LayerSample sample = Sample(algorithm, batch: 2);
        int outputs = sample.Layer.OutputShape(sample.Input).Count;
        Targets<double> targets = Targets<double>.FromValues(sample.Numbers<double>("targets", outputs));
        var options = new GradientCheckOptions { ElementsPerParameter = 40, IncludesInput = true };
        GradientChecker.Check(
            sample.Build<double>(), new MeanSquaredError(), Regularizer.None, sample.Examples<double>(), targets, options).ThrowIfFailed();
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Convolution2D_by_every_algorithm_is_the_same_convolution(ConvolutionAlgorithm algorithm)
    {
        LayerSample sample = Sample(algorithm, batch: 7);
        double[] expected = LayerRun<double>.Train(Sample(ConvolutionAlgorithm.Direct, batch: 7)).All;
        double[] actual = LayerRun<double>.Train(sample).All;
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-11 * Math.Max(1, Math.Abs(expected[i])));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Convolution2D_has_the_same_bits_on_any_number_of_threads_and_with_or_without_ReLU_fused(ConvolutionAlgorithm algorithm)
    {
        LayerSample alone = Sample(algorithm, batch: 7);
        LayerSample sample = alone with { Layer = new Sequential(alone.Layer, new Relu()) };
        float[] expected = LayerRun<float>.Train(sample).All;
        foreach (int threads in (int[])[2, 3, 5])
        {
            using var workers = new WorkerPool(threads);
            Bits.AssertSame<float>(expected, LayerRun<float>.Train(sample, workers).All, $"{threads} threads");
        }
        float[] outputs = LayerRun<float>.Train(alone with { Layer = new Sequential(alone.Layer) }).Outputs;
        Bits.AssertSame<float>([.. outputs.Select(value => value < 0 ? 0 : value)], expected.AsSpan(0, outputs.Length), "ReLU");
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Convolution2D_prediction_of_an_example_has_the_same_bits_in_any_batch(ConvolutionAlgorithm algorithm)
    {
        LayerSample sample = Sample(algorithm, batch: 70);
        Model<float> model = sample.Build<float>();
        Matrix<float> examples = sample.Examples<float>(), all = model.Predict(examples);
        foreach (int batch in (int[])[1, 3, 64, 69])
        {
            Matrix<float> some = model.Predict(examples.View.SliceRows(70 - batch, batch));
            Bits.AssertSame<float>(all.View.SliceRows(70 - batch, batch).AsSpan(), some.AsSpan(), $"batch {batch}");
        }
    }

    // The same weights, whatever follows.
    private static LayerSample Sample(ConvolutionAlgorithm algorithm, int batch) => new(
        new Convolution2D(35, 3) { Padding = Padding2D.Of(1, 2), Algorithm = algorithm, Weights = NormalInitializer.He },
        new Shape(7, 6, 33),
        batch,
        1);

    private static int TileOf(Convolution2D layer, Shape input)
    {
        var runtime = (Convolution2DRuntime<float>)layer.CreateRuntime<float>(new LayerBuild(input, "", RandomKey.FromSeed(1)));
        return runtime.Convolution.Tile;
    }
}
