using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Specifications;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Tests.Samples;
using Xunit;

namespace DeepLearn.Tests.Models;

/// <summary>
/// A damaged file is refused, and changes nothing.
/// Alone, since it leaves much to collect to whoever counts bytes beside it.
/// </summary>
[Collection(Alone.Name)]
public sealed class ModelDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ModelFile_whose_network_needs_more_than_it_holds_reserves_nothing()
    {
        Model<float> model = new Sequential(new Dense(2)).Build<float>(2, 1);
        var writer = new SafetensorsWriter();
        writer.AddText("deeplearn.input", "[2]");
        writer.AddText(
            "deeplearn.specification", new Sequential(new Dense(int.MaxValue), new BatchNorm(), new Dense(int.MaxValue)).ToJson());
        foreach (Parameter<float> parameter in model.Parameters)
            writer.Add(parameter.Name, parameter.Value);
        writer.Save(File);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("tensors of 6 elements", Assert.Throws<ModelMismatchException>(
            () => Model.Load<float>(File, new() { ChecksSha256 = false })).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void ModelFile_with_an_unknown_text_of_the_library_is_refused_by_name()
    {
        Model<float> model = new Dense(2).Build<float>(2, 1);
        var writer = new SafetensorsWriter();
        foreach (Parameter<float> parameter in model.Parameters)
            writer.Add(parameter.Name, parameter.Value);
        writer.AddText("deeplearn.color", "red");
        writer.Save(File);
        Assert.Contains("found deeplearn.color", Assert.Throws<InvalidDataException>(() => model.Load(File)).Message);
    }

    [Fact]
    public void ModelFile_with_changed_weights_is_refused_by_its_SHA256()
    {
        Model<float> model = ModelSamples.Network.Build<float>(3, 1);
        model.Save(File);
        byte[] file = System.IO.File.ReadAllBytes(File);
        file[^1] ^= 1;
        System.IO.File.WriteAllBytes(File, file);
        Model<float> other = ModelSamples.Network.Build<float>(3, 2);
        string before = other.Sha256();
        var exception = Assert.Throws<InvalidDataException>(() => other.Load(File));
        Assert.Contains("SHA-256", exception.Message);
        Assert.Equal(before, other.Sha256());
        other.Load(File, new() { ChecksSha256 = false });
        Assert.NotEqual(before, other.Sha256());
    }

    [Fact]
    public void ModelFile_read_error_leaves_the_model_unchanged()
    {
        Model<float> model = ModelSamples.Network.Build<float>(3, 1);
        using var stream = new MemoryStream();
        model.Card = ModelSamples.FullCard;
        model.Save(stream);
        Model<float> other = ModelSamples.Network.Build<float>(3, 2);
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
        model.Card = new()
        {
            Normalization = new([0, 0], [1, 2]),
            Task = PredictionTask.Regression(2),
            TargetNames = ["x", "y"],
            Texts = [new("k", "v")],
        };
        model.Save(stream);
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

                // White space, or the library's prefix of a text, which only makes one of another's.
                Assert.Equal(model.Sha256(), other.Sha256());
                Assert.Equal(model.Card, other.Card);
                other = new Dense(2).Build<float>(2, 2);
                loaded++;
            }
        }
        Assert.InRange(loaded, 0, 9 * 64);

        void Refused(byte[] bytes)
        {
            Assert.Throws<InvalidDataException>(() => other.Load(new MemoryStream(bytes)));
            Assert.Equal(before, other.Sha256());
        }
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
        Assert.Contains("found 1.", Assert.Throws<ModelMismatchException>(() => model.Load(File)).Message);

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
}
