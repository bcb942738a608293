using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
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

    public static TheoryData<LayerCase> Layers => [.. LayerCase.All];

    public void Dispose() => _folder.Dispose();

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
            Assert.Equal(sample.Input.ToString(), content.InputShape);
            Assert.Null(content.Normalization);
        }
    }

    [Fact]
    public void ModelFile_tensors_are_the_parameters_and_buffers_by_name()
    {
        Model<float> model = Network.Build<float>(3, 1);
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
    public void ModelFile_restores_normalization_and_texts()
    {
        Model<float> model = Network.Build<float>(3, 1);
        var normalization = new Normalization([0.1, -1e-320, 1e300], [double.Epsilon, 1.0 / 3, double.MaxValue]);
        var texts = new Dictionary<string, string> { ["labels"] = "[\"cat\", \"dog\"]", ["by"] = "Jürgen\n", ["deep"] = "" };
        model.Save(File, normalization, texts);
        ModelFileContent content = Network.Build<float>(3, 2).Load(File);
        Assert.Equal(normalization, content.Normalization);
        Assert.Equal(texts, content.Texts);
        Assert.Equal(InvariantText.Of(Network), content.Network);
        Assert.Equal("0.1.0", content.LibraryVersion);
        ModelFileContent read = ModelFile.ReadContent(File);
        Assert.Equal(normalization, read.Normalization);
        Assert.Equal(texts, read.Texts);
    }

    [Fact]
    public void ModelFile_stream_equals_the_file()
    {
        Model<float> model = Network.Build<float>(3, 1);
        model.Save(File);
        using var stream = new MemoryStream();
        model.Save(stream);
        Assert.Equal(System.IO.File.ReadAllBytes(File), stream.ToArray());
        stream.Position = 0;
        Model<float> other = Network.Build<float>(3, 2);
        other.Load(stream);
        Assert.Equal(model.Sha256(), other.Sha256());
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void ModelFile_double_weights_are_rounded_to_float_only_where_MayRound_is_set()
    {
        Model<float> single = Network.Build<float>(3, 1);
        single.Save(File);
        Model<double> precise = Network.Build<double>(3, 2);
        precise.Load(File);
        Assert.Equal(single.Parameters[0].Value.AsSpan().ToArray().Select(x => (double)x), precise.Parameters[0].Value.AsSpan().ToArray());

        precise.Parameters[0].Value[0, 0] = 0.1;
        precise.Save(File);
        string before = single.Sha256();
        var exception = Assert.Throws<ModelMismatchException>(() => single.Load(File));
        Assert.Contains("dense1/weights F64 [3, 4], which float has to round (MayRound)", exception.Message);
        Assert.Equal(before, single.Sha256());
        single.Load(File, new() { MayRound = true });
        Assert.Equal(0.1f, single.Parameters[0].Value[0, 0]);
    }

    [Fact]
    public void ModelFile_of_another_network_is_refused_tensor_by_tensor()
    {
        new Sequential(new Dense(4) { HasBiases = false }, new Relu(), new Dense(3), new Dense(5)).Build<float>(4, 1).Save(File);
        Model<float> model = Network.Build<float>(3, 1);
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

    [Fact]
    public void ModelFile_with_changed_weights_is_refused_by_its_SHA256()
    {
        Model<float> model = Network.Build<float>(3, 1);
        model.Save(File);
        byte[] file = System.IO.File.ReadAllBytes(File);
        file[^1] ^= 1;
        System.IO.File.WriteAllBytes(File, file);
        Model<float> other = Network.Build<float>(3, 2);
        string before = other.Sha256();
        var exception = Assert.Throws<InvalidDataException>(() => other.Load(File));
        Assert.Contains(model.Sha256(), exception.Message);
        Assert.Equal(before, other.Sha256());
        other.Load(File, new() { ChecksSha256 = false });
        Assert.NotEqual(before, other.Sha256());
    }

    [Fact]
    public void ModelFile_read_error_leaves_the_model_unchanged()
    {
        Model<float> model = Network.Build<float>(3, 1);
        using var stream = new MemoryStream();
        model.Save(stream, new Normalization([0, 0, 0], [1, 2, 3]));
        Model<float> other = Network.Build<float>(3, 2);
        string before = other.Sha256();
        int reads = 0;
        for (bool isLoaded = false; !isLoaded; reads++)
        {
            try
            {
                other.Load(new FailingStream(stream.ToArray(), reads));
                isLoaded = true;
            }
            catch (IOException exception) when (exception.Message == FailingStream.Failure)
            {
                Assert.Equal(before, other.Sha256());
            }
        }
        Assert.Equal(model.Sha256(), other.Sha256());
        Assert.InRange(reads, 2 * model.Parameters.Count, 100);
    }

    [Fact]
    public void ModelFile_with_any_byte_changed_is_refused_or_loads_the_same_weights()
    {
        Model<float> model = new Dense(2).Build<float>(2, 1);
        using var stream = new MemoryStream();
        model.Save(stream, new Normalization([0, 0], [1, 2]), new Dictionary<string, string> { ["k"] = "v" });
        byte[] file = stream.ToArray();
        Model<float> other = new Dense(2).Build<float>(2, 2);
        string before = other.Sha256();
        for (int length = 0; length < file.Length; length++)
            Refused(file[..length]);
        int loaded = 0;
        for (int at = 0; at < file.Length; at++)
        {
            foreach (int flip in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 255 })
            {
                byte[] changed = [.. file];
                changed[at] ^= (byte)flip;
                try
                {
                    other.Load(new MemoryStream(changed));
                }
                catch (Exception exception) when (exception is InvalidDataException or ModelMismatchException)
                {
                    Assert.Equal(before, other.Sha256());
                    continue;
                }

                // A text, or the normalization, or white space.
                Assert.Equal(model.Sha256(), other.Sha256());
                other = new Dense(2).Build<float>(2, 2);
                loaded++;
            }
        }
        Assert.InRange(loaded, 1, file.Length * 9 / 2);

        void Refused(byte[] bytes)
        {
            Assert.Throws<InvalidDataException>(() => other.Load(new MemoryStream(bytes)));
            Assert.Equal(before, other.Sha256());
        }
    }

    [Fact]
    public void ModelFile_that_cannot_be_saved_is_refused_before_anything_is_written()
    {
        Model<float> model = Network.Build<float>(3, 1);
        Assert.Throws<ArgumentException>(() => model.Save(File, new Normalization([0], [1])));
        Assert.Throws<ArgumentException>(() => model.Save(File, texts: new Dictionary<string, string> { ["deeplearn.mine"] = "" }));
        Assert.Empty(Directory.GetFiles(_folder.Root));
        Assert.Throws<FileNotFoundException>(() => model.Load(File));
    }

    [Fact]
    public void ModelFile_with_an_impossible_normalization_is_refused()
    {
        Model<float> model = new Dense(1).Build<float>(2, 1);
        Write(Matrix<double>.FromArray(new[,] { { 0.0, 0 } }), Matrix<double>.FromArray(new[,] { { 1.0, 0 } }));
        Assert.Contains("deviation", Assert.Throws<InvalidDataException>(() => model.Load(File)).Message);
        Write(Matrix<double>.FromArray(new[,] { { 0.0, 0 } }), null);
        Assert.Contains("found no normalization/deviation", Assert.Throws<InvalidDataException>(() => model.Load(File)).Message);
        Write(new Matrix<double>(2, 1), new Matrix<double>(2, 1));
        Assert.Contains("one row", Assert.Throws<InvalidDataException>(() => model.Load(File)).Message);
        Write(Matrix<double>.FromArray(new[,] { { 0.0 } }), Matrix<double>.FromArray(new[,] { { 1.0 } }));
        Assert.Contains("1 features", Assert.Throws<ModelMismatchException>(() => model.Load(File)).Message);

        void Write(Matrix<double> mean, Matrix<double>? deviation)
        {
            var writer = new SafetensorsWriter();
            foreach (Parameter<float> parameter in model.Parameters)
                writer.Add(parameter.Name, parameter.Value);
            writer.Add("normalization/mean", mean);
            if (deviation is not null)
                writer.Add("normalization/deviation", deviation);
            writer.Save(File);
        }
    }

    /// <summary>A stream that fails after some calls.</summary>
    private sealed class FailingStream(byte[] bytes, int reads) : MemoryStream(bytes)
    {
        public const string Failure = "The disk is gone.";

        private int _left = reads;

        public override int Read(Span<byte> buffer) => _left-- > 0 ? base.Read(buffer) : throw new IOException(Failure);
    }

    private static Sequential Network { get; } = new(new Dense(4), new BatchNorm(), new Relu(), new Dense(2));
}
