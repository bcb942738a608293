using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tests.Layers;
using Xunit;

namespace DeepLearn.Tests.Models;

public class ModelSummaryTests
{
    [Fact]
    public void Summary_prints_a_line_for_each_layer_and_the_totals()
    {
        var network = new Sequential(
            new Convolution2D(4, 3) { Padding = 1, HasBiases = false },
            new Residual(new Sequential(new BatchNorm(), new Relu(), new Convolution2D(4, 3) { Padding = Padding2D.Same })),
            new MaxPool(2),
            new Dense(10) { Weights = UniformInitializer.Glorot });
        ModelSummary summary = network.Summary(new Shape(8, 6, 3));
        Assert.Equal(
            ["convolution2d1", "residual1/batchnorm1", "residual1/relu1", "residual1/convolution2d1", "residual1", "maxpool1", "dense1"],
            summary.Layers.Select(layer => layer.Name));
        Assert.Equal([108, 8, 0, 148, 0, 0, 490], summary.Layers.Select(layer => layer.Parameters));
        Assert.Equal([5184, 0, 0, 6912, 0, 0, 480], summary.Layers.Select(layer => layer.Multiplications));
        Assert.Equal(754, summary.Parameters);
        Assert.Equal(12576, summary.Multiplications);
        Assert.Equal(new Shape(4, 3, 4), summary.Layers[5].Output);
        Assert.Equal(40, summary.Layers[6].OutputInBytes);
        Assert.Equal(4 * (754 + 8), summary.WeightsInBytes);
        string[] lines = summary.ToString().Split('\n');
        Assert.Equal(14, lines.Length);
        Assert.StartsWith("layer                     what it is", lines[0]);
        Assert.StartsWith("dense1                    Dense, weights Glorot uniform", lines[9]);
        Assert.EndsWith("[10]              490              480            40", lines[9]);
        Assert.EndsWith("[10]              754           12,576", lines[11]);
        Assert.All(lines[1..^2], line => Assert.True(line.Length <= lines[1].Length));
    }

    [Fact]
    public void Summary_of_random_networks_counts_every_parameter_once()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Model<double> model = new NetworkSample(seed, 1 + (seed % 6), 2).Network.Build<double>();
            ModelSummary summary = model.Summary();
            Assert.Equal(model.ParameterCount, summary.Parameters);
            Assert.Equal(model.OutputShape, summary.Layers[^1].Output);
            Assert.Equal(summary.Layers.Count, summary.Layers.Select(layer => layer.Name).Distinct().Count());
            Assert.True(summary.TrainingInBytes >= summary.InferenceInBytes);
        }
        Assert.Equal("dense", new Dense(2).Summary(3).Layers[0].Name);
        Assert.Equal(8, new Dense(2).Summary(3).Parameters);
    }

    [Fact]
    public void Model_prints_itself_in_a_line() => Assert.Equal(
        "Sequential [Dense { Units = 2, Weights = LeCun normal, Biases = ConstantInitializer { Value = 0 }, HasBiases = True "
        + "}, Tanh { }] from [3] to [2], 8 parameters",
        new Sequential(new Dense(2) { Weights = NormalInitializer.LeCun }, new Tanh()).Build<float>(3, 1).ToString());
}
