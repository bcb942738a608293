using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Parameters;

/// <summary>Weights begin by what follows them, unless the specification says how.</summary>
public class AutomaticInitializerTests
{
    public static TheoryData<string, Layer, string> Networks { get; } = new()
    {
        { "the output", new Sequential(Filters(4)), "G" },
        { "one layer alone", Filters(4), "G" },
        { "ReLU, output", new Sequential(Filters(4), new Relu(), Filters(3)), "HG" },
        { "tanh, output", new Sequential(Filters(4), new Tanh(), Filters(3)), "GG" },
        { "sigmoid, softplus", new Sequential(Filters(4), new Sigmoid(), Filters(3), new Softplus()), "GG" },
        {
            "each kind of ReLU",
            new Sequential(
                Filters(4), new LeakyRelu(), Filters(4), new Elu(), Filters(4), new Gelu(), Filters(4), new Silu(), Filters(2)),
            "HHHHG"
        },
        {
            "through what passes on",
            new Sequential(Filters(4), new BatchNorm(), new Dropout(0.1), new Relu(), Filters(4), new LayerNorm(), Filters(2)), "HGG"
        },
        {
            "through sequences, in and out",
            new Sequential(new Sequential(Filters(4)), new Sequential(new Dropout(0.1), new Relu(), Filters(4)), new Relu()), "HH"
        },
        { "a residual before ReLU", new Sequential(new Residual(new Sequential(new Relu(), Filters(5))), new Relu()), "H" },
        { "weights before a residual", new Sequential(Filters(4), new Residual(new Sequential(new Relu(), Filters(4)))), "HG" },
        {
            "an ensemble's members",
            new Sequential(
                new Ensemble(
                    EnsembleCombination.Average,
                    new Sequential(Filters(3), new Flatten()),
                    new Sequential(Filters(3), new Flatten())),
                new Relu()),
            "GG"
        },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Filters_without_an_initializer_begin_by_what_follows(string name, Layer network, string expected)
    {
        Model<double> automatic = network.Build<double>(new Shape(1, 1, 5), seed: 3);
        Layer[] told = [Told(network, NormalInitializer.He), Told(network, NormalInitializer.Glorot)];
        Model<double>[] models = [.. told.Select(layer => layer.Build<double>(new Shape(1, 1, 5), seed: 3))];
        IEnumerable<int> weights = Enumerable.Range(0, automatic.Parameters.Count)
            .Where(i => automatic.Parameters[i].Role == ParameterRole.Weights);
        string found = string.Concat(weights.Select(i =>
            Same(models[0], i) ? "H" : Same(models[1], i) ? "G" : "?"));
        Assert.True(expected == found, $"{name}: expected {expected}, found {found}");

        bool Same(Model<double> model, int i) =>
            model.Parameters[i].Value.AsSpan().SequenceEqual(automatic.Parameters[i].Value.AsSpan());
    }

    [Fact]
    public void Dense_without_an_initializer_begins_as_Glorot_whatever_follows()
    {
        foreach (Layer next in (Layer[])[new Relu(), new Gelu(), new Tanh(), new BatchNorm()])
        {
            float[] Weights(Dense dense) =>
                new Sequential(dense, next, new Dense(3)).Build<float>(5, 3).Parameters[0].Value.AsSpan().ToArray();
            Assert.Equal(Weights(new Dense(40) { Weights = NormalInitializer.Glorot }), Weights(new Dense(40)));
        }
    }

    [Fact]
    public void Convolution2D_without_an_initializer_begins_by_what_follows()
    {
        float Spread(params Layer[] layers) => layers.Length == 0 ? 0
            : new Sequential(layers).Build<float>(new(8, 8, 4), 1).Parameters[0].Value.AsSpan().ToArray().Max(Math.Abs);
        Assert.Equal(Spread(new Convolution2D(64, 3) { Weights = NormalInitializer.He }), Spread(new Convolution2D(64, 3), new Relu()));
        Assert.Equal(Spread(new Convolution2D(64, 3) { Weights = NormalInitializer.Glorot }), Spread(new Convolution2D(64, 3), new Tanh()));
    }

    [Fact]
    public void Initializers_that_differ_print_differently()
    {
        Initializer[] all =
        [
            Initializer.Automatic, NormalInitializer.He, NormalInitializer.Glorot, NormalInitializer.LeCun,
            NormalInitializer.WithStandardDeviation(0.1), NormalInitializer.WithStandardDeviation(0.2), UniformInitializer.He,
            UniformInitializer.Glorot, UniformInitializer.LeCun, ConstantInitializer.Zero, new OrthogonalInitializer(),
        ];
        Assert.Equal(all.Length, all.Select(initializer => initializer.ToString()).Distinct().Count());
        Assert.Contains("Weights = Automatic", new Dense(3).ToString());
        Assert.Equal(new Dense(3), new Dense(3));
    }

    private static Convolution2D Filters(int count) => new(count, 1);

    private static Layer Told(Layer layer, Initializer initializer) => layer switch
    {
        Convolution2D convolution => convolution with { Weights = initializer },
        Sequential sequential => new Sequential([.. sequential.Layers.Select(inner => Told(inner, initializer))]),
        Residual residual => new Residual(Told(residual.Branch, initializer)),
        Ensemble ensemble => new Ensemble(ensemble.Combination, [.. ensemble.Members.Select(inner => Told(inner, initializer))]),
        _ => layer,
    };
}
