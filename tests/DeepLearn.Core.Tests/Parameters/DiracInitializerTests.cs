using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Testing;
using Xunit;

namespace DeepLearn.Tests.Parameters;

public class DiracInitializerTests
{
    [Fact]
    public void DiracInitializer_keeps_the_contract_of_initializers()
    {
        InitializerContract.Check(new DiracInitializer(), new() { FanIn = 20, FanOut = 50 }).ThrowIfFailed();
        var orthogonal = new DiracInitializer { Others = new OrthogonalInitializer() };
        InitializerContract.Check(orthogonal, new() { FanIn = 9, FanOut = 10 }).ThrowIfFailed();
    }

    [Theory]
    [InlineData(3, 3, 1, 4, 4)]
    [InlineData(3, 3, 1, 4, 9)]
    [InlineData(3, 1, 1, 4, 2)]
    [InlineData(1, 5, 2, 4, 6)]
    [InlineData(3, 3, 4, 4, 4)]
    public void DiracInitializer_convolution_passes_its_channels_on(int height, int width, int groups, int channels, int filters)
    {
        var layer = new Convolution2D(filters, new(height, width))
        {
            Padding = Padding2D.Same,
            Groups = groups,
            Weights = new DiracInitializer { Others = ConstantInitializer.Zero },
        };
        var shape = new Shape(5, 6, channels);
        Model<double> model = layer.Build<double>(shape, seed: 1);
        var image = new Matrix<double>(1, shape.Count);
        RandomStream random = RandomKey.FromSeed(2).Open();
        foreach (ref double value in image.AsSpan())
            value = random.NextUniform();
        Matrix<double> output = model.Predict(image);
        int ofGroup = channels / groups, filtersOfGroup = filters / groups;
        for (int pixel = 0; pixel < 30; pixel++)
        {
            for (int filter = 0; filter < filters; filter++)
            {
                (int group, int place) = (filter / filtersOfGroup, filter % filtersOfGroup);
                double expected = place < ofGroup ? image[0, (pixel * channels) + (group * ofGroup) + place] : 0;
                Assert.Equal(expected, output[0, (pixel * filters) + filter]);
            }
        }
    }

    [Fact]
    public void DiracInitializer_dense_layer_passes_its_inputs_on_and_draws_the_rest_by_what_follows()
    {
        Model<double> model = new Dense(5) { Weights = new DiracInitializer() }.Build<double>(3, seed: 1);
        Assert.Equal([1, 0, 0], Enumerable.Range(0, 3).Select(row => model.Parameters[0].Value[row, 0]));
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(row => model.Parameters[0].Value[row, 2]));
        Assert.Equal(Last(new Dense(5)), Last(new Dense(5) { Weights = new DiracInitializer() }));

        static double[] Last(Dense layer)
        {
            Matrix<double> weights = new Sequential(layer, new Relu()).Build<double>(3, seed: 1).Parameters[0].Value;
            return [.. Enumerable.Range(0, 3).Select(row => weights[row, 4])];
        }
    }

    [Fact]
    public void GivenInitializer_begins_with_its_numbers_and_refuses_other_shapes()
    {
        var given = new GivenInitializer(2, 3, [1, 2, 3, 4, 5, 6]);
        Model<float> model = new Dense(3) { Weights = given }.Build<float>(2, seed: 1);
        Assert.Equal([1, 2, 3, 4, 5, 6], model.Parameters[0].Value.AsSpan().ToArray());
        Assert.Equal(given, new GivenInitializer(2, 3, [1, 2, 3, 4, 5, 6]));
        Assert.NotEqual(given, new GivenInitializer(3, 2, [1, 2, 3, 4, 5, 6]));
        Assert.StartsWith("given [2, 3] ", given.ToString());
        Assert.Contains(
            "[2, 3]; found one of [4, 3]",
            Assert.Throws<ArgumentException>(() => new Dense(3) { Weights = given }.Build<float>(4, seed: 1)).Message);
        Assert.Contains("6 numbers; found 5", Assert.Throws<ArgumentException>(() => new GivenInitializer(2, 3, [1, 2, 3, 4, 5])).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => new GivenInitializer(1, 1, [double.NaN])).Message);
    }
}
