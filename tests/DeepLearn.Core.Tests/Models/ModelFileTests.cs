using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Specifications;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Tests.Layers;
using DeepLearn.Tests.Samples;
using DeepLearn.Tests.Tensors.Files;
using Xunit;

namespace DeepLearn.Tests.Models;

/// <summary>
/// What a model learned, saved and loaded again.
/// Alone, since it leaves much to collect to whoever counts bytes beside it.
/// </summary>
[Collection(Alone.Name)]
public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    public static TheoryData<LayerCase> Layers => [.. LayerCase.All];

    [Theory]
    [MemberData(nameof(Layers))]
    public void ModelFile_of_any_layer_is_restored_bit_for_bit(LayerCase row)
    {
        Check<float>();
        Check<double>();

        void Check<T>()
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            LayerSample sample = row.Large;
            Model<T> model = sample.Build<T>();
            RandomStream random = RandomKey.FromSeed(8).Open();
            foreach (StateBuffer<T> buffer in model.Buffers)
            {
                foreach (ref T element in buffer.Value.AsSpan())
                    element = T.CreateChecked(random.NextUniform());
            }
            model.Save(File);
            Model<T> other = sample.Layer.Build<T>(sample.Input, 99);
            ModelFileContent content = other.Load(File);
            Assert.Equal(model.Sha256(), other.Sha256());
            Assert.Equal(model.Sha256(), content.Sha256);
            Assert.Equal(sample.Input, content.InputShape);
            Assert.Equal(sample.Layer, content.Network);
            Assert.Equal(ModelCard.Empty, content.Card);

            Model<T> made = Model.Load<T>(File);
            Assert.Equal(model.Sha256(), made.Sha256());
            Assert.Equal(sample.Layer, made.Network);
            Assert.Equal(sample.Input, made.InputShape);
        }
    }

    [Fact]
    public void ModelFile_tensors_are_the_parameters_and_buffers_by_name()
    {
        Model<float> model = ModelSamples.Network.Build<float>(3, 1);
        model.Save(File);
        using SafetensorsReader reader = SafetensorsReader.Open(File);
        Assert.Equal(
            model.Parameters.Select(parameter => $"{parameter.Name} F32 {parameter.Value}").Concat(
                model.Buffers.Select(buffer => $"{buffer.Name} F32 {buffer.Value}")),
            reader.Tensors.Select(entry => entry.ToString()));
        Assert.Equal("dense1/weights F32 [3, 4]", reader.Tensors[0].ToString());
        Assert.Equal(model.Parameters[0].Value[1, 2], reader.ReadMatrix<float>(reader.Tensors[0])[1, 2]);
    }

    [Fact]
    public void ModelFile_of_weights_alone_loads_into_a_network_and_makes_none()
    {
        Model<float> model = ModelSamples.Network.Build<float>(3, 1);
        model.SaveWeights(File);
        Model<float> other = ModelSamples.Network.Build<float>(3, 2);
        Assert.Null(other.Load(File).Network);
        Assert.Equal(model.Sha256(), other.Sha256());
        Assert.Contains("SaveWeights", Assert.Throws<InvalidDataException>(() => Model.Load<float>(File)).Message);
    }

    [Fact]
    public void ModelFile_of_a_layer_without_a_written_form_says_how_to_give_it_one()
    {
        Model<float> model = new Sequential(new Dense(2), new Shifted(0.5)).Build<float>(2, 1);
        string message = Assert.Throws<ArgumentException>(() => model.Save(File)).Message;
        Assert.Contains("SpecificationFormats.Library.WithLayer<Shifted>(name, write, read)", message);
        Assert.False(System.IO.File.Exists(File));

        SpecificationFormats formats = SpecificationFormats.Library.WithLayer<Shifted>(
            "tests.shifted", (layer, to) => to.Write("by", layer.By), from => new Shifted(from.Number("by")));
        model.Save(File, formats);
        Model<float> loaded = Model.Load<float>(File, new() { Formats = formats });
        Assert.Equal(model.Network, loaded.Network);
        Assert.Equal(model.Sha256(), loaded.Sha256());
        Assert.Contains("$.network.layers[1].kind", Assert.Throws<InvalidDataException>(() => Model.Load<float>(File)).Message);
    }

    /// <summary>A file that version 0.1.0 of the library wrote: later versions read it, with the same meaning.</summary>
    [Fact]
    public void ModelFile_of_version_0_1_0_is_read_with_the_same_meaning()
    {
        string path = Path.Combine(Repository.Tests, "Models", "Versions", "0.1.0.safetensors");
        Model<float> model = Model.Load<float>(path);

        // It was written when the weights of every dense layer began as He's.
        IEnumerable<Layer> drawn = ModelSamples.Network.Layers.Select(
            layer => layer is Dense dense ? dense with { Weights = NormalInitializer.He } : layer);
        Assert.Equal(new Sequential([.. drawn]), model.Network);
        Assert.Equal(ModelSamples.FullCard, model.Card);
        Assert.Equal("3055ac2e90f7da330f9e090cfca62fd1b72203d2ef082ab18b81ec99d50cd99e", model.Sha256());
        Matrix<float> outputs = model.Predict(Matrix<float>.FromArray(new[,] { { 1f, -2, 0.5f } }));
        Assert.Equal([0.36512092f, -0.2917592f], outputs.AsSpan().ToArray());
    }

    [Fact]
    public void ModelFile_stream_equals_the_file()
    {
        Model<float> model = ModelSamples.Network.Build<float>(3, 1);
        model.Save(File);
        using var stream = new MemoryStream();
        model.Save(stream);
        Assert.Equal(System.IO.File.ReadAllBytes(File), stream.ToArray());
        stream.Position = 0;
        Model<float> other = ModelSamples.Network.Build<float>(3, 2);
        other.Load(stream);
        Assert.Equal(model.Sha256(), other.Sha256());
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void ModelFile_double_weights_are_rounded_to_float_only_where_MayRound_is_set()
    {
        Model<float> single = ModelSamples.Network.Build<float>(3, 1);
        single.Save(File);
        Model<double> precise = ModelSamples.Network.Build<double>(3, 2);
        precise.Load(File);
        Assert.Equal(single.Parameters[0].Value.AsSpan().ToArray().Select(x => (double)x), precise.Parameters[0].Value.AsSpan().ToArray());

        precise.Parameters[0].Value[0, 0] = 0.1;
        precise.Save(File);
        string before = single.Sha256();
        var exception = Assert.Throws<ModelMismatchException>(() => single.Load(File));
        Assert.Contains(" is of double (F64), which float has to round: new ModelLoading { MayRound = true } rounds it", exception.Message);
        Assert.Contains("dense1/weights F64 [3, 4]", exception.Message);
        Assert.DoesNotContain("another model", exception.Message);

        // Where it is another model too, that comes first.
        exception = Assert.Throws<ModelMismatchException>(
            () => new Sequential(new Dense(2)).Build<float>(5, 1).Load(File, new() { WeightsAlone = true }));
        Assert.Contains("holds another model's weights", exception.Message);
        Assert.Contains("which float has to round (MayRound)", exception.Message);
        Assert.Equal(before, single.Sha256());
        single.Load(File, new() { MayRound = true });
        Assert.Equal(0.1f, single.Parameters[0].Value[0, 0]);
    }

    /// <summary>A layer from outside.</summary>
    private sealed record Shifted(double By) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input, By);

        private sealed class Runtime<T>(Shape shape, double by) : SimpleLayerRuntime<T>(shape, shape)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            protected override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output)
            {
                for (int i = 0; i < input.Rows; i++)
                {
                    for (int j = 0; j < input.Columns; j++)
                        output[i, j] = input[i, j] + T.CreateChecked(by);
                }
            }

            protected override void Backward(
                ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> outputGradient,
                MatrixView<T> inputGradient)
            {
            }
        }
    }
}
