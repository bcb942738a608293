using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Specifications;
using DeepLearn.Parameters;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Tests.Layers;
using DeepLearn.Tests.Samples;
using DeepLearn.Tests.Tensors.Files;
using DeepLearn.Training;
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
    public void ModelFile_restores_the_card_bit_for_bit()
    {
        Model<float> model = Network.Build<float>(3, 1);
        model.Card = FullCard;
        model.Save(File);
        Model<float> other = Network.Build<float>(3, 2);
        ModelFileContent content = other.Load(File);
        Assert.Equal(FullCard, content.Card);
        Assert.Equal(FullCard, other.Card);
        Assert.Equal("0.1.0", content.LibraryVersion);
        Assert.Equal(content, ModelFile.ReadContent(File));
        Assert.Equal(FullCard, Model.Load<float>(File).Card);
        Assert.Equal("Jürgen\n", content.Card.TextOf("by"));
        Assert.Null(content.Card.TextOf("when"));
    }

    [Fact]
    public void Card_that_is_not_of_the_model_is_refused_and_names_what_differs()
    {
        Model<float> model = Network.Build<float>(3, 1);
        Refused(new() { Normalization = new([0], [1]) }, "normalization", "3 features; found 1");
        Refused(new() { TargetScaling = new([0], [1]) }, "scaling of targets", "2 targets; found 1");
        Refused(new() { FeatureNames = ["a"] }, "feature names", "3 of them, or none; found 1");
        Refused(new() { Task = PredictionTask.Multiclass(3) }, "task", "2 outputs; found Multiclass of 3");
        Refused(new() { ClassNames = ["a", "b", "c"] }, "class names", "at most 2; found 3");
        Refused(new() { TargetNames = ["a"] }, "target names", "2 of them");
        Refused(new() { Preprocessing = new() { Columns = [new() { Name = "x" }] } }, "preprocessing", "3 features; found 1");
        Refused(new() { Texts = [new("deeplearn.mine", "")] }, "text", "deeplearn.mine");
        Refused(new() { Texts = [new("", "")] }, "text", "not empty");
        Refused(new() { Texts = [new("a", "1"), new("a", "2")] }, "text", "a key of its own");
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelCard { Temperature = 0 });
        Assert.Same(ModelCard.Empty, model.Card);

        void Refused(ModelCard card, params string[] messages)
        {
            var exception = Assert.Throws<ArgumentException>(() => model.Card = card);
            Assert.All(messages, message => Assert.Contains(message, exception.Message));
        }
    }

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
    public void ModelFile_of_weights_alone_loads_into_a_network_and_makes_none()
    {
        Model<float> model = Network.Build<float>(3, 1);
        model.SaveWeights(File);
        Model<float> other = Network.Build<float>(3, 2);
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
    public void Trainer_writes_plan_data_and_measures_onto_the_card()
    {
        var data = new DenseDataset<float>(
            Matrix<float>.FromArray(new[,] { { 0f, 1 }, { 1, 0 }, { 1, 1 }, { 0, 0 } }), [0, 1, 0, 1], null,
            new DatasetDescription(2) { Classes = 2, ClassNames = ["no", "yes"], FeatureNames = ["a", "b"] });
        Model<float> model = new Sequential(new Dense(2)).Build<float>(2, 1);
        model.Card = model.Card with { Texts = [new("mine", "stays")], Temperature = 3 };
        var plan = new TrainingPlan
        {
            Schedule = new ConstantSchedule(0.1),
            Length = TrainingLength.Steps(5),
            Normalization = Normalization.PerFeature(data),
            Seed = ulong.MaxValue,
        };
        using var trainer = new Trainer<float>(model, plan, data, data);
        TrainingResult result = trainer.Run();
        Assert.Equal(plan.Normalization, model.Card.Normalization);
        Assert.Equal(["no", "yes"], model.Card.ClassNames);
        Assert.Equal(["a", "b"], model.Card.FeatureNames);
        Assert.Equal(PredictionTask.Multiclass(2), model.Card.Task);
        Assert.Equal("stays", model.Card.TextOf("mine"));
        Assert.Equal(1, model.Card.Temperature);
        TrainingSummary summary = model.Card.Training!;
        Assert.Equal((5, 5, ulong.MaxValue), (summary.Steps, summary.PlannedSteps, summary.Seed));
        Assert.Contains("ConstantSchedule", summary.Plan);
        Assert.Equal(
            ["training loss", "training accuracy", "validation loss", "validation accuracy"],
            summary.Metrics.Select(metric => metric.Name));
        Assert.Equal(result.Curve[^1].Validation!.Loss, summary.Metrics[2].Value);
        model.Save(File);
        Assert.Equal(model.Card, Model.Load<float>(File).Card);
    }

    /// <summary>A file that version 0.1.0 of the library wrote: later versions read it, with the same meaning.</summary>
    [Fact]
    public void ModelFile_of_version_0_1_0_is_read_with_the_same_meaning()
    {
        string path = Path.Combine(Repository.Tests, "Models", "Versions", "0.1.0.safetensors");
        Model<float> model = Model.Load<float>(path);

        // It was written when the weights of every dense layer began as He's.
        IEnumerable<Layer> drawn = Network.Layers.Select(
            layer => layer is Dense dense ? dense with { Weights = NormalInitializer.He } : layer);
        Assert.Equal(new Sequential([.. drawn]), model.Network);
        Assert.Equal(FullCard, model.Card);
        Assert.Equal("3055ac2e90f7da330f9e090cfca62fd1b72203d2ef082ab18b81ec99d50cd99e", model.Sha256());
        Matrix<float> outputs = model.Predict(Matrix<float>.FromArray(new[,] { { 1f, -2, 0.5f } }));
        Assert.Equal([0.36512092f, -0.2917592f], outputs.AsSpan().ToArray());
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
        new Sequential(new Dense(4) { HasBiases = false }, new Relu(), new Dense(3), new Dense(5)).Build<float>(4, 1).SaveWeights(File);
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
        Assert.Contains("SHA-256", exception.Message);
        Assert.Equal(before, other.Sha256());
        other.Load(File, new() { ChecksSha256 = false });
        Assert.NotEqual(before, other.Sha256());
    }

    [Fact]
    public void ModelFile_read_error_leaves_the_model_unchanged()
    {
        Model<float> model = Network.Build<float>(3, 1);
        using var stream = new MemoryStream();
        model.Card = FullCard;
        model.Save(stream);
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

    private static Sequential Network { get; } = new(new Dense(4), new BatchNorm(), new Relu(), new Dense(2));

    private static ModelCard FullCard { get; } = new()
    {
        Normalization = new([0.1, -1e-320, 1e300], [double.Epsilon, 1.0 / 3, double.MaxValue]),
        Preprocessing = new()
        {
            Columns =
            [
                new() { Name = "age", Mean = 40.5, StandardDeviation = 12, Replacement = 38 },
                new() { Name = "city", IsCategorical = true, Categories = ["Oslo", "Łódź"] },
            ],
            LabelColumn = "buys",
            ClassNames = ["no", "yes"],
        },
        FeatureNames = ["age", "city=Oslo", "city=Łódź"],
        Order = PixelOrder.Planar,
        Task = PredictionTask.Multiclass(2),
        ClassNames = ["no", "yes"],
        TargetNames = ["p", "q"],
        TargetScaling = new([1, 2], [3, 4]),
        Temperature = 1.7,
        Training = new()
        {
            Plan = "a plan",
            Seed = ulong.MaxValue,
            Steps = 12,
            PlannedSteps = 20,
            Metrics = [new("validation accuracy", 0.1)],
            LibraryVersion = "0.1.0",
        },
        Texts = [new("labels", "[\"cat\", \"dog\"]"), new("by", "Jürgen\n"), new("deep", "")],
    };

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
