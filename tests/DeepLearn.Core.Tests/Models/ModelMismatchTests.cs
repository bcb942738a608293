using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Tests.Samples;
using Xunit;

namespace DeepLearn.Tests.Models;

/// <summary>
/// The file of another network is refused, with what differs.
/// Alone, since it leaves much to collect to whoever counts bytes beside it.
/// </summary>
[Collection(Alone.Name)]
public sealed class ModelMismatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ModelFile_of_another_specification_is_refused_with_the_first_difference()
    {
        // The same tensors throughout.
        static Sequential With(Layer activation) => new(
            new Dense(4), new Residual(new Sequential(new Dense(4), activation)), new Dense(2));
        With(new Relu()).Build<float>(3, 1).Save(File);
        Model<float> model = With(new Tanh()).Build<float>(3, 2);
        model.Card = model.Card with { Texts = [new("mine", "still")] };
        string before = model.Sha256();
        Assert.Contains(
            "in layer 2 of the branch of layer 2 of the network, expected Tanh { }; found Relu { }.",
            Assert.Throws<ModelMismatchException>(() => model.Load(File)).Message);
        Assert.Equal(before, model.Sha256());
        Assert.Equal("still", model.Card.TextOf("mine"));

        model.Load(File, new() { WeightsAlone = true });
        Assert.NotEqual(before, model.Sha256());
        Assert.Equal("still", model.Card.TextOf("mine"));

        new Sequential(new Dense(2), new Relu()).Build<float>(2, 1).Save(File);
        Assert.Contains(
            "in layer 2 of the network, expected none; found Relu",
            Assert.Throws<ModelMismatchException>(() => new Sequential(new Dense(2)).Build<float>(2, 1).Load(File)).Message);

        // How the weights began says nothing of what they are now.
        new Sequential(new Dense(2) { Weights = UniformInitializer.Glorot, Biases = new ConstantInitializer(1) })
            .Build<float>(2, 1).Save(File);
        new Sequential(new Dense(2)).Build<float>(2, 1).Load(File);

        // As many numbers, another shape.
        new Sequential(new Flatten(), new Dense(2)).Build<float>(new Shape(2, 3, 1), 1).Save(File);
        Assert.Contains("takes [2, 3, 1]; this one takes [3, 2, 1]", Assert.Throws<ModelMismatchException>(
            () => new Sequential(new Flatten(), new Dense(2)).Build<float>(new Shape(3, 2, 1), 1).Load(File)).Message);
    }

    [Fact]
    public void ModelFile_of_another_network_is_refused_tensor_by_tensor()
    {
        new Sequential(new Dense(4) { HasBiases = false }, new Relu(), new Dense(3), new Dense(5)).Build<float>(4, 1).SaveWeights(File);
        Model<float> model = ModelSamples.Network.Build<float>(3, 1);
        string before = model.Sha256();
        var exception = Assert.Throws<ModelMismatchException>(() => model.Load(File));
        Assert.Contains(File, exception.Message);
        Assert.Contains("missing: dense1/biases [1, 4], batchnorm1/scale [1, 4], ", exception.Message);
        Assert.Contains("not of the model: dense3/weights F32 [3, 5], dense3/biases F32 [1, 5];", exception.Message);
        Assert.Contains("of another shape: dense1/weights F32 [4, 4], expected [3, 4],", exception.Message);
        Assert.Equal(before, model.Sha256());
    }

    [Fact]
    public void ModelFile_transposed_matrix_is_refused_and_said_to_be_a_transpose()
    {
        // As PyTorch keeps a linear layer's: outputs first. A bias of one axis is what it is.
        var writer = new SafetensorsWriter();
        Model<float> model = new Sequential(new Dense(4)).Build<float>(3, 1);
        writer.Add("dense1/weights", new Matrix<float>(4, 3));
        writer.Add("dense1/biases", new Matrix<float>(1, 4), 4);
        writer.Save(File);
        var exception = Assert.Throws<ModelMismatchException>(() => model.Load(File));
        Assert.Contains("of another shape: dense1/weights F32 [4, 3], expected [3, 4], which is its transpose.", exception.Message);
    }
}
