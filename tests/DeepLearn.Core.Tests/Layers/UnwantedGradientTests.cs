using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// Gradients that nobody wants are not computed: the backward pass ends at the first parameters, and a pass-through at the front is not
/// run.
/// </summary>
public class UnwantedGradientTests
{
    public static TheoryData<Layer> Networks =>
    [
        new Sequential(new Probe(), new Dense(5), new Relu(), new Dense(3)),
        new Sequential(new Probe(), new Tanh(), new Dropout(0.3), new Dense(5), new Relu(), new Dense(3)),
        new Sequential(new Sequential(new Probe(), new Tanh()), new Sequential(new Probe(), new Dense(5)), new Dense(3)),
        new Sequential(new Flatten(), new Probe(), new Residual(new Sequential(new Probe(), new Dense(12))), new Dense(3)),
        new Sequential(new Probe(), new Residual(new Sequential(new Probe(), new Dense(4)), new Sequential(new Probe(), new Dense(4)))),
        new Sequential(new Probe(), new Ensemble(EnsembleCombination.Average, new Sequential(new Probe(), new Dense(4)), new Dense(4))),
        new Sequential(new Probe(), new Relu()),
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Sequential_backward_ends_at_the_first_layer_with_parameters(Layer network)
    {
        (float[] wanted, int calls) = Gradients(network, wantsInput: true);
        Assert.NotEqual(0, calls);
        (float[] found, calls) = Gradients(network, wantsInput: false);
        Assert.Equal(wanted, found);
        Assert.Equal(0, calls);
    }

    [Fact]
    public void Sequential_layer_behind_parameters_is_run_backward() =>
        Assert.Equal(1, Gradients(new Sequential(new Dense(5), new Probe(), new Dense(3)), wantsInput: false).Calls);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    public void Sequential_backward_ends_at_the_first_layer_that_learns(int wanted, int calls)
    {
        Model<float> model = new Sequential(new Dense(5), new Probe(), new Dense(3)).Build<float>(new Shape(2, 2, 3), seed: 1);
        var targets = new GradientTarget<float>[4];
        if (wanted >= 0)
            targets[wanted] = new(model.Parameters[wanted].Gradient, 1, 0);
        ModelWorkspace<float> workspace = model.CreateWorkspace(6, RunMode.Training);
        var examples = new Matrix<float>(6, 12);
        workspace.Forward(examples);
        workspace.OutputGradient.Fill(0.25f);
        Probe.Calls = 0;
        workspace.Backward(examples, targets);
        Assert.Equal(calls, Probe.Calls);
        Assert.Equal(wanted == 3, model.Parameters[3].HasGradient && model.Parameters[3].Gradient[0, 0] == 1.5f);
    }

    [Fact]
    public void Sequential_pass_through_layers_at_the_front_are_not_run()
    {
        var front = new Sequential(
            new Probe { SaysItPassesThrough = true }, new Sequential(new Probe { SaysItPassesThrough = true }), new Dropout(0.5),
            new Dense(3));
        var bare = new Sequential(new Probe(), new Sequential(new Probe()), new Dropout(0.5), new Dense(3));
        (float[] expected, int calls) = Gradients(bare, wantsInput: true);
        Assert.Equal(2, calls);
        (float[] found, calls) = Gradients(front, wantsInput: true);
        Assert.Equal(0, calls);
        Assert.Equal(expected, found);
        Assert.True(Memory(front) < Memory(bare));

        // Alone it is run, since somebody has to write the output.
        Assert.Equal(1, Gradients(new Sequential(new Probe { SaysItPassesThrough = true }), wantsInput: true).Calls);

        static long Memory(Layer network) =>
            network.Build<float>(new Shape(2, 2, 3), seed: 1).CreateWorkspace(6, RunMode.Training).MemoryInBytes;
    }

    /// <summary>The outputs, the gradients of the parameters and how often a probe was run backward.</summary>
    private static (float[] Numbers, int Calls) Gradients(Layer network, bool wantsInput)
    {
        Model<float> model = network.Build<float>(new Shape(2, 2, 3), seed: 1);
        ModelWorkspace<float> workspace = model.CreateWorkspace(6, RunMode.Training);
        Matrix<float> examples = new(6, 12), inputGradient = new(6, 12);
        RandomStream random = RandomKey.FromSeed(3).Open();
        foreach (ref float value in examples.AsSpan())
            value = (float)random.NextUniform() - 0.5f;
        workspace.SetNoise(RandomKey.FromSeed(4));
        float[] outputs = workspace.Forward(examples).AsSpan().ToArray();
        workspace.OutputGradient.Fill(0.25f);
        Probe.Calls = 0;
        workspace.Backward(examples, wantsInput ? inputGradient.View : default);
        return ([.. outputs, .. model.Parameters.SelectMany(parameter => parameter.Gradient.AsSpan().ToArray())], Probe.Calls);
    }

    /// <summary>A layer from outside that passes on what it is given and counts how often it is run backward.</summary>
    private sealed record Probe : Layer
    {
        [ThreadStatic]
        private static int _calls;

        public static int Calls { get => _calls; set => _calls = value; }

        public bool SaysItPassesThrough { get; init; }

        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input, SaysItPassesThrough);

        private sealed class Runtime<T>(Shape shape, bool isPassThrough) : IdentityRuntime<T>(shape)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            public override LayerTraits Traits { get; } = new() { BackwardNeeds = BackwardNeeds.None, IsPassThrough = isPassThrough };

            public override void Backward(
                LayerInput<T> input,
                ReadOnlyMatrixView<T> output,
                MatrixView<T> outputGradient,
                MatrixView<T> inputGradient,
                GradientTargets<T> gradients,
                LayerWorkspace<T> workspace)
            {
                Calls++;
                base.Backward(input, output, outputGradient, inputGradient, gradients, workspace);
            }
        }
    }
}
