using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>What workspaces hold and pass on, and what layers say of themselves.</summary>
public class LayerWorkspaceTests
{
    private const int Capacity = 5;

    private static readonly Shape Image = new(4, 4, 3);

    [Fact]
    public void LayerWorkspace_of_a_batch_normalization_counts_its_gradients_in_training()
    {
        var training = (BatchNormWorkspace<float>)Workspace(new BatchNorm(), RunMode.Training);
        Assert.Equal((3, 3), (training.ScaleGradient.Count, training.ShiftGradient.Count));
        Assert.Equal(training.Normalization.MemoryInBytes + (6 * sizeof(float)), training.MemoryInBytes);
        var inference = (BatchNormWorkspace<float>)Workspace(new BatchNorm(), RunMode.Inference);
        Assert.Equal((0, 0), (inference.ScaleGradient.Count, inference.ShiftGradient.Count));
        Assert.Equal(inference.Normalization.MemoryInBytes, inference.MemoryInBytes);
    }

    [Fact]
    public void LayerWorkspace_of_a_simple_layer_holds_a_gradient_of_the_input_where_it_learns()
    {
        Assert.Equal(Capacity * 48 * sizeof(float), Workspace(new Simple(Learns: true), RunMode.Training).MemoryInBytes);
        Assert.Equal(0, Workspace(new Simple(Learns: true), RunMode.Inference).MemoryInBytes);
        Assert.Equal(0, Workspace(new Simple(Learns: false), RunMode.Training).MemoryInBytes);
    }

    [Fact]
    public void LayerWorkspace_of_a_simple_layer_makes_gradients_ahead_of_training_alone()
    {
        foreach (RunMode mode in Enum.GetValues<RunMode>())
        {
            LayerRuntime<float> runtime = Runtime(new Simple(Learns: true));
            runtime.CreateWorkspace(Capacity, mode, WorkerPool.Single);
            Assert.Equal(mode == RunMode.Training, runtime.Parameters[0].HasGradient);
        }
    }

    [Fact]
    public void LayerWorkspace_of_test_time_augmentation_counts_images_scores_and_the_network()
    {
        var network = new Sequential(new BatchNorm(), new Flatten(), new Dense(2));
        var augmented = new TestTimeAugmentation(network, TestTimeAugmentation.Mirrors());
        foreach (RunMode mode in Enum.GetValues<RunMode>())
        {
            long own = Capacity * (48 + 2) * sizeof(float);
            Assert.Equal(own + Workspace(network, mode).MemoryInBytes, Workspace(augmented, mode).MemoryInBytes);
        }
    }

    [Fact]
    public void LayerWorkspace_passes_noise_on_to_both_ways_of_a_residual_and_to_augmented_networks()
    {
        Layer[] networks =
        [
            new Residual(new Listener(), new Relu()),
            new Residual(new Relu(), new Listener()),
            new TestTimeAugmentation(new Listener(), TestTimeAugmentation.Mirrors()),
        ];
        foreach (Layer network in networks)
        {
            LayerWorkspace<float> workspace = Workspace(network, RunMode.Training);
            Listener.Heard = [];
            workspace.SetNoise(RandomKey.FromSeed(7));
            Assert.Equal(RandomKey.FromSeed(7), workspace.Noise);
            Assert.NotEqual(default, Assert.Single(Listener.Heard));
        }

        // The two ways draw other numbers.
        LayerWorkspace<float> both = Workspace(new Residual(new Listener(), new Listener()), RunMode.Training);
        Listener.Heard = [];
        both.SetNoise(RandomKey.FromSeed(7));
        Assert.Equal(2, Listener.Heard.Distinct().Count());
    }

    [Fact]
    public void Layer_reads_pixels_where_it_looks_beside_a_place_of_the_image()
    {
        foreach (Layer layer in (Layer[])[new MaxPool(2), new AveragePool(2), new GlobalAveragePool(), new Convolution2D(2, 3)])
            Assert.True(layer.ReadsPixels(Image), layer.Kind);
        foreach (Layer layer in (Layer[])[new Dense(2), new Flatten(), new Relu(), new Dropout(0.5)])
            Assert.False(layer.ReadsPixels(Image), layer.Kind);
    }

    [Fact]
    public void Sequential_begins_with_the_nonlinearity_of_its_first_layer_that_has_one()
    {
        Assert.Equal(Nonlinearity.Relu, new Sequential(new Relu(), new Dense(2)).GetNonlinearity());
        Assert.Equal(Nonlinearity.Other, new Sequential(new Dense(2), new Relu()).GetNonlinearity());
        Assert.Equal(Nonlinearity.Relu, new Sequential(new Dropout(0.5), new Relu(), new Dense(2)).GetNonlinearity());
        Assert.Equal(Nonlinearity.PassesOn, new Sequential(new Dropout(0.5)).GetNonlinearity());
    }

    [Fact]
    public void Padding2D_too_large_in_one_direction_alone_has_no_axes()
    {
        const int TooLarge = 1 << 23;
        Assert.NotNull(Padding2D.Of(1, 1).Axes(Image, 3, 1, 1));
        Assert.Null(Padding2D.Of(TooLarge, 1).Axes(Image, 3, 1, 1));
        Assert.Null(Padding2D.Of(1, TooLarge).Axes(Image, 3, 1, 1));
    }

    private static LayerRuntime<float> Runtime(Layer layer) => layer.CreateRuntime<float>(new LayerBuild(Image, "", RandomKey.FromSeed(1)));

    private static LayerWorkspace<float> Workspace(Layer layer, RunMode mode) =>
        Runtime(layer).CreateWorkspace(Capacity, mode, WorkerPool.Single);

    /// <summary>A layer in its simplest form, which computes nothing.</summary>
    private sealed record Simple(bool Learns) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build, Learns);

        private sealed class Runtime<T>(LayerBuild build, bool learns) : SimpleLayerRuntime<T>(build.Input, build.Input)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            public override IReadOnlyList<Parameter<T>> Parameters { get; } =
                learns ? [new Parameter<T>(build.NameOf("factor"), ParameterRole.NormalizationScale, 1, 1)] : [];

            protected override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output) => input.CopyTo(output);

            protected override void Backward(
                ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> outputGradient,
                MatrixView<T> inputGradient) => outputGradient.CopyTo(inputGradient);
        }
    }

    /// <summary>A layer that notes the noise that it is given.</summary>
    private sealed record Listener : Layer
    {
        [ThreadStatic]
        private static List<RandomKey>? _heard;

        public static List<RandomKey> Heard { get => _heard!; set => _heard = value; }

        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input);

        private sealed class Runtime<T>(Shape shape) : IdentityRuntime<T>(shape)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
                new Workspace<T>(capacity, mode, workers);
        }

        private sealed class Workspace<T>(int capacity, RunMode mode, WorkerPool workers) : LayerWorkspace<T>(capacity, mode, workers)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            public override void SetNoise(RandomKey noise)
            {
                base.SetNoise(noise);
                Heard.Add(noise);
            }
        }
    }
}
