using System.Reflection;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models.Specifications;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tests.Layers;
using DeepLearn.Tests.Support;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Models.Specifications;

/// <summary>The written form of networks.</summary>
public class NetworkSpecificationTests
{
    private static readonly Initializer[] Initializers =
    [
        NormalInitializer.He, NormalInitializer.Glorot, NormalInitializer.LeCun, NormalInitializer.WithStandardDeviation(0.1),
        UniformInitializer.He,
        UniformInitializer.Glorot, UniformInitializer.LeCun, new OrthogonalInitializer(1.0 / 3), new ConstantInitializer(-1e-300),
        Initializer.Automatic,
    ];

    /// <summary>Those of which version 1 knew nothing.</summary>
    private static readonly Initializer[] NewInitializers =
        [new DiracInitializer(), new DiracInitializer { Others = UniformInitializer.He }, new GivenInitializer(1, 2, [1.0 / 3, -1e-300])];

    /// <summary>Of each layer two, of which every option differs.</summary>
    private static readonly (Layer One, Layer Other)[] Pairs =
    [
        (new Sequential(new Relu()), new Sequential(new Tanh(), new Silu())),
        (new Residual(new Relu()), new Residual(Drawn(3), Drawn(3))),
        (new Ensemble(EnsembleCombination.Average, Drawn(2)),
            new Ensemble(EnsembleCombination.MajorityVote, Drawn(2), Drawn(2))),
        (Drawn(1), new Dense(int.MaxValue)
        {
            HasBiases = false, Weights = UniformInitializer.LeCun, Biases = NormalInitializer.WithStandardDeviation(1e-9),
        }),
        (new Convolution2D(1, 1) { Algorithm = ConvolutionAlgorithm.Accurate, Weights = NormalInitializer.He },
            new Convolution2D(6, new(2, 3))
            {
                Stride = new(1, 2), Padding = Padding2D.Of(3, 4), Dilation = new(5, 6), Groups = 3,
                Algorithm = ConvolutionAlgorithm.Fastest, HasBiases = false, Weights = new OrthogonalInitializer(2),
                Biases = new ConstantInitializer(1),
            }),
        (new MaxPool(2), new MaxPool(new(3, 4)) { Stride = new(1, 2), Padding = Padding2D.Same }),
        (new AveragePool(2), new AveragePool(new(3, 4)) { Stride = new(1, 2), Padding = 1, CountsPadding = true }),
        (new GlobalAveragePool(), new GlobalAveragePool()),
        (new BatchNorm(), new BatchNorm { Momentum = 0.123456789012345678, Epsilon = 1e-3 }),
        (new LayerNorm(), new LayerNorm { Epsilon = 0.1 }),
        (new Dropout(), new Dropout(1.0 / 3)),
        (new Flatten(), new Flatten()),
        (new Relu(), new Relu()),
        (new LeakyRelu(), new LeakyRelu(0.3)),
        (new Elu(), new Elu(0.7)),
        (new Gelu(), new Gelu(GeluForm.Tanh)),
        (new Silu(), new Silu()),
        (new Sigmoid(), new Sigmoid()),
        (new Tanh(), new Tanh()),
        (new Softplus(), new Softplus()),
    ];

    /// <summary>As <see cref="Pairs"/>, of what version 1 knew nothing.</summary>
    private static readonly (Layer One, Layer Other)[] NewPairs =
    [
        (new BatchNorm(), new BatchNorm { Momentum = 0.5, Epsilon = 1e-3, HasScale = false }),
        (new TestTimeAugmentation(new Relu(), new ImageView()),
            new TestTimeAugmentation(new Tanh(), new ImageView { Down = -1, Right = 2, Mirrored = true, Weight = 1.0 / 3 })),
    ];

    public static TheoryData<string, string> Faults => new()
    {
        { """{"format":"deeplearn.network","version":3,"network":{"kind":"relu"}}""", "$.version: expected 1 to 2; found 3" },
        { """{"format":"deeplearn.network","version":0,"network":{"kind":"relu"}}""", "$.version: expected 1 to 2; found 0" },
        { """{"format":"keras","version":1,"network":{"kind":"relu"}}""", "$.format: expected \"deeplearn.network\"; found \"keras\"" },
        { """{"format":"deeplearn.network","version":1}""", "$: expected a property network; found format, version" },
        { """{"format":"deeplearn.network","version":1,"network":{"kind":"relu"},"by":"me"}""", "$.by: expected format, version, network" },
        { """{"format":"deeplearn.network","version":1,"network":{"kind":"relu"},"version":1}""", "is not the JSON" },
        { """{"format":"deeplearn.network","version":1,"network":{"kind":"relu"}""", "is not the JSON" },
        { "[]", "$: expected an object; found []" },
        { Whole("""{"kind":"rule"}"""), "$.network.kind: expected a layer of a known kind (sequential, " },
        { Whole("""{"kind":"relu","x":1}"""), "$.network.x: expected kind alone" },
        { Whole("""{"kind":7}"""), "$.network.kind: expected a text; found 7" },
        { Whole("""7"""), "$.network: expected an object; found 7" },
        { Whole("""{"kind":"sequential","layers":[]}"""), "$.network: A sequence has at least one layer" },
        { Whole("""{"kind":"sequential","layers":{}}"""), "$.network.layers: expected an array; found {}" },
        { Whole("""{"kind":"sequential","layers":[{"kind":"relu"},{"kind":"elu"}]}"""), "$.network.layers[1]: expected a property alpha" },
        { Whole("""{"kind":"elu","alpha":-1}"""), "$.network: The alpha of an Elu is finite" },
        { Whole("""{"kind":"elu","alpha":1e999}"""), "$.network.alpha: expected a finite number; found 1e999" },
        { Whole("""{"kind":"elu","alpha":"1"}"""), "$.network.alpha: expected a finite number; found \"1\"" },
        { Whole("""{"kind":"gelu","form":"erf"}"""), "$.network.form: expected one of exact, tanh; found \"erf\"" },
        { Whole("""{"kind":"residual","branch":null,"projection":null}"""), "$.network.branch: expected an object; found null" },
        { Whole("""{"kind":"maxPool","window":[2],"stride":[2,2],"padding":"same"}"""), "$.network.window: expected two whole numbers" },
        { Whole("""{"kind":"maxPool","window":[0,2],"stride":[2,2],"padding":"same"}"""), "$.network: Both extents are at least 1" },
        { Whole("""{"kind":"maxPool","window":[2,2],"stride":[2,2],"padding":"valid"}"""), "$.network.padding: expected \"same\" or two" },
        { Whole("""{"kind":"maxPool","window":[2,2],"stride":[2,2],"padding":[-1,0]}"""), "$.network.padding: Padding is at least 0" },
        { Whole(Dense("2.5", "true", Zero)), "$.network.units: expected a whole number of 32 bits; found 2.5" },
        { Whole(Dense("4294967296", "true", Zero)), "$.network.units: expected a whole number of 32 bits; found 4294967296" },
        { Whole(Dense("2", "1", Zero)), "$.network.hasBiases: expected true or false; found 1" },
        { Whole(Dense("2", "true", """{"kind":"zero"}""")), "$.network.weights.kind: expected an initializer of a known kind (constant, " },
        { Whole(Dense("2", "true", """{"kind":"normal","scale":"big"}""")), "$.network.weights.scale: expected one of he, glorot, lecun" },
        { Whole(Dense("2", "true", """{"kind":"normal","standardDeviation":-1}""")), "$.network.weights: A standard deviation is" },
        { Whole("""{"kind":"\ud800"}"""), "half a surrogate pair" },
    };

    private const string Zero = """{"kind":"constant","value":0}""";

    [Fact]
    public void Every_layer_and_initializer_of_the_library_has_a_written_form()
    {
        Assert.Equal(LibraryTypes.Of<Layer>().Order(ByName), LayerForms.All.Select(form => form.Type).Order(ByName));
        Assert.Equal(LibraryTypes.Of<Initializer>().Order(ByName), InitializerForms.All.Select(form => form.Type).Order(ByName));
        Assert.Equal(
            LibraryTypes.Of<Layer>().Order(ByName), Pairs.Concat(NewPairs).Select(pair => pair.One.GetType()).Distinct().Order(ByName));
        Assert.Equal(
            LibraryTypes.Of<Initializer>().Order(ByName),
            Initializers.Concat(NewInitializers).Select(value => value.GetType()).Distinct().Order(ByName));
    }

    [Fact]
    public void Every_option_of_every_layer_is_written_and_read()
    {
        foreach ((Layer one, Layer other) in Pairs.Where(pair => pair.One is not BatchNorm).Concat(NewPairs))
        {
            foreach (PropertyInfo property in one.GetType().GetProperties().Where(property => property.Name != nameof(Layer.Kind)))
            {
                Assert.False(
                    Equals(property.GetValue(one), property.GetValue(other)), $"{one.GetType().Name}.{property.Name} does not vary");
            }
            Assert.Equal(one, NetworkSpecification.FromJson(one.ToJson()));
            Assert.Equal(other, NetworkSpecification.FromJson(other.ToJson()));
        }
    }

    [Fact]
    public void Every_initializer_is_written_and_read()
    {
        foreach (Initializer initializer in Initializers.Concat(NewInitializers))
        {
            var dense = new Dense(3) { Weights = initializer };
            Assert.Equal(dense, NetworkSpecification.FromJson(dense.ToJson()));
        }
    }

    [Fact]
    public void Random_networks_are_written_and_read()
    {
        for (int seed = 0; seed < 1_000; seed++)
        {
            Layer network = new NetworkSample(seed, 1 + (seed % 6), 2).Network.Layer;
            Assert.Equal(network, NetworkSpecification.FromJson(network.ToJson()));
        }
        foreach (LayerCase row in LayerCase.All)
            Assert.All(row.Layers.Sample(20), sample => Assert.Equal(sample.Layer, NetworkSpecification.FromJson(sample.Layer.ToJson())));
    }

    /// <summary>The text of version 1, which is not read otherwise.</summary>
    [Fact]
    public void Written_form_of_version_1_is_read_as_it_was_meant() =>
        Assert.Equal(OfVersion1, NetworkSpecification.FromJson(File.ReadAllText(PathOf("network1.json"))));

    /// <summary>The text of version 2, which is neither written nor read otherwise.</summary>
    [Fact]
    public void Written_form_of_version_2_is_what_it_was()
    {
        Layer network = new Sequential(
            [
                .. OfVersion1.Layers,
                .. NewPairs.SelectMany(pair => new[] { pair.One, pair.Other }),
                .. NewInitializers.Select(value => new Dense(2) { Weights = value })
            ]);
        Assert.Equal(File.ReadAllText(PathOf("network2.json")).Replace("\n", ""), network.ToJson());
        Assert.Equal(network, NetworkSpecification.FromJson(File.ReadAllText(PathOf("network2.json"))));
    }

    private static Sequential OfVersion1 => new(
        [
            .. Pairs.SelectMany(pair => new[] { pair.One, pair.Other }),
            .. Initializers.Select(value => new Dense(2) { Weights = value })
        ]);

    private static string PathOf(string name) => Path.Combine(Repository.Tests, "Models", "Versions", name);

    [Theory]
    [MemberData(nameof(Faults))]
    public void Written_form_with_a_fault_is_refused_with_its_place(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => NetworkSpecification.FromJson(json)).Message);

    [Fact]
    public void Layers_within_one_another_are_written_to_a_depth_of_100()
    {
        Layer deep = new Relu();
        for (int i = 1; i < 100; i++)
            deep = new Sequential(deep);
        Assert.Equal(deep, NetworkSpecification.FromJson(deep.ToJson()));
        Assert.Contains("At most 100 layers", Assert.Throws<ArgumentException>(() => new Sequential(deep).ToJson()).Message);
    }

    [Fact]
    public void Layer_of_ones_own_has_the_form_that_it_is_given()
    {
        SpecificationFormats formats = SpecificationFormats.Library
            .WithLayer<Mixed>(
                "tests.mixed",
                (layer, to) =>
                    to.Write("share", layer.Share).Write("inner", layer.Inner).Write("first", layer.First).Write("name", layer.Name),
                from => new Mixed(from.Number("share"), from.Layer("inner"), from.Initializer("first"), from.Text("name")))
            .WithInitializer<Ramp>("tests.ramp", (value, to) => to.Write("step", value.Step), from => new Ramp(from.Integer("step")));
        var network = new Sequential(new Mixed(0.25, new Dense(3), new Ramp(2), "a"));
        Assert.Equal(network, NetworkSpecification.FromJson(network.ToJson(formats), formats));
        Assert.Contains("WithLayer<Mixed>(name, write, read)", Assert.Throws<ArgumentException>(() => network.ToJson()).Message);
        Assert.Contains(
            "WithInitializer<Ramp>(name, write, read)",
            Assert.Throws<ArgumentException>(() => new Dense(2) { Weights = new Ramp(1) }.ToJson()).Message);
        Assert.Contains("dense is that of Dense", Assert.Throws<ArgumentException>(
            () => SpecificationFormats.Library.WithLayer<Mixed>("dense", (_, _) => { }, _ => null!)).Message);
        Assert.Contains("Mixed has a form already", Assert.Throws<ArgumentException>(
            () => formats.WithLayer<Mixed>("other", (_, _) => { }, _ => null!)).Message);
    }

    [Fact]
    public void Form_that_forgets_an_option_is_found_when_it_is_written()
    {
        SpecificationFormats formats = SpecificationFormats.Library.WithLayer<Mixed>(
            "tests.mixed",
            (layer, to) => to.Write("share", layer.Share),
            from => new Mixed(from.Number("share"), new Relu(), new Ramp(1), ""));
        Assert.Contains(
            "in layer 2 of the network, expected Mixed { Share = 1, ",
            Assert.Throws<ArgumentException>(
                () => new Sequential(new Relu(), new Mixed(1, new Tanh(), new Ramp(1), "")).ToJson(formats)).Message);
    }

    [Fact]
    public void Counted_parameters_are_those_that_are_built()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            LayerSample sample = new NetworkSample(seed, 1 + (seed % 6), 2).Network;
            var model = sample.Build<float>();
            Assert.Equal(
                model.ParameterCount + model.Buffers.Sum(buffer => (long)buffer.Value.Count),
                DeepLearn.Models.ParameterCounting.CountOf(sample.Layer, sample.Input));
        }
    }

    private static Comparer<Type> ByName { get; } = Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));

    private static string Whole(string network) => $$"""{"format":"deeplearn.network","version":1,"network":{{network}}}""";

    private static string Dense(string units, string hasBiases, string weights) =>
        $$"""{"kind":"dense","units":{{units}},"hasBiases":{{hasBiases}},"weights":{{weights}},"biases":{{Zero}}}""";

    private sealed record Mixed(double Share, Layer Inner, Initializer First, string Name) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => Inner.CreateRuntime<T>(build);
    }

    private sealed record Ramp(int Step) : Initializer
    {
        public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination) => destination.Fill(T.One);
    }

    private static Dense Drawn(int units) => new(units) { Weights = NormalInitializer.He };
}
