using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// A ReLU is done by the layer before it, whoever wrote the two: what a layer says of itself decides, not what type it is.
/// </summary>
public class FusedReluTests
{
    /// <summary>The layers that do a ReLU that follows, whether they do its backward pass too, and one that does neither.</summary>
    public static TheoryData<Layer, bool, bool> Before => new()
    {
        { new Dense(6), true, false },
        { new Convolution2D(6, 3) { Padding = 1 }, true, false },
        { new BatchNorm(), true, true },
        { new BatchNorm { HasScale = false }, true, true },
        { new Residual(new Convolution2D(2, 3) { Padding = 1 }), true, false },
        { new LayerNorm(), false, false },
    };

    [Theory]
    [MemberData(nameof(Before))]
    public void Relu_from_outside_is_fused_into_the_layer_before_it(Layer before, bool isFused, bool isFusedBackward)
    {
        var count = new Count();
        LayerSample own = Sample(before, new Relu()), foreign = Sample(before, new ForeignRelu(count));
        LayerRun<float> expected = LayerRun<float>.Train(own), found = LayerRun<float>.Train(foreign);
        Assert.Equal(expected.All, found.All);
        Assert.Contains(0f, found.Outputs);
        Assert.Equal(isFused, count.Forward == 0);
        Assert.Equal(isFusedBackward, count.Backward == 0);
        Assert.Equal(LayerRun<float>.Infer(own, own.Build<float>()), LayerRun<float>.Infer(foreign, foreign.Build<float>()));
        Assert.Equal(isFused, count.Forward == 0);
    }

    [Theory]
    [MemberData(nameof(Before))]
    public void Relu_from_outside_that_does_not_declare_itself_is_not_fused(Layer before, bool isFused, bool isFusedBackward)
    {
        var count = new Count();
        LayerSample apart = Sample(before, new ForeignRelu(count) { SaysSo = false });
        Assert.Equal(LayerRun<float>.Train(Sample(before, new Relu())).All, LayerRun<float>.Train(apart).All);
        Assert.NotEqual(0, count.Forward);
        Assert.NotEqual(0, count.Backward);
        Assert.True(isFused || !isFusedBackward);
    }

    [Fact]
    public void Sequence_that_ends_with_a_fused_backward_pass_keeps_the_gradient_of_its_output()
    {
        LayerRuntime<float> fused = Sample(new BatchNorm(), new Relu()).Build<float>().Runtime;
        LayerRuntime<float> apart = Sample(new Dense(6), new Relu()).Build<float>().Runtime;
        Assert.True(fused.Traits.KeepsOutputGradient);
        Assert.False(apart.Traits.KeepsOutputGradient);
    }

    [Fact]
    public void Layer_from_outside_may_fuse_the_ReLU_that_follows()
    {
        var count = new Count();
        LayerSample sample = Sample(new ForeignDouble(), new ForeignRelu(count));
        LayerRun<float> found = LayerRun<float>.Train(sample);
        float[] examples = sample.Examples<float>().AsSpan().ToArray();
        Assert.Equal(examples.Select(x => Math.Max(0, 2 * x)), found.Outputs);
        Assert.Equal(0, count.Forward);
    }

    [Fact]
    public void LayerRuntime_IsRelu_is_true_for_ReLU_alone()
    {
        foreach (LayerCase row in LayerCase.All)
        {
            LayerRuntime<float> runtime = row.Large.Build<float>().Runtime;
            Assert.Equal(row.Name == "Relu", runtime.Traits.IsRelu);
        }
    }

    private static LayerSample Sample(Layer before, Layer after) => new(new Sequential(before, after), new Shape(4, 5, 2), 3, 11);

    private sealed class Count
    {
        public int Forward { get; set; }

        public int Backward { get; set; }
    }

    /// <summary>A ReLU made of public parts, which counts its passes.</summary>
    private sealed record ForeignRelu(Count Count) : Layer
    {
        public bool SaysSo { get; init; } = true;

        public override Nonlinearity GetNonlinearity() => Nonlinearity.Relu;

        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => SaysSo
            ? new ActivationRuntime<T, Function<T>>(build.Input, new(Count))
            : new ActivationRuntime<T, SilentFunction<T>>(build.Input, new(new(Count)));
    }

    private readonly struct Function<T>(Count count) : IActivation<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool ReadsOutput => true;

        public static bool IsRelu => true;

        public void Forward(ReadOnlySpan<T> input, Span<T> output)
        {
            count.Forward++;
            Activations.Relu(input, output);
        }

        public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        {
            count.Backward++;
            Activations.ReluBackward(activation, outputGradient, inputGradient);
        }
    }

    private readonly struct SilentFunction<T>(Function<T> inner) : IActivation<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool ReadsOutput => true;

        public void Forward(ReadOnlySpan<T> input, Span<T> output) => inner.Forward(input, output);

        public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
            inner.Backward(activation, outputGradient, inputGradient);
    }

    /// <summary>Twice its input, and the ReLU that follows.</summary>
    private sealed record ForeignDouble : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input);

        private sealed class Runtime<T>(Shape shape) : LayerRuntime<T>(shape, shape), IFusesRelu<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            public override LayerTraits Traits { get; } = new() { BackwardNeeds = BackwardNeeds.None };

            public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
                Double(input.Numbers, output, relu: false);

            public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
                Double(input.Numbers, output, relu: true);

            private static void Double(ReadOnlyMatrixView<T> input, MatrixView<T> output, bool relu)
            {
                for (int row = 0; row < input.Rows; row++)
                {
                    for (int column = 0; column < input.Columns; column++)
                    {
                        T value = input[row, column] + input[row, column];
                        output[row, column] = relu ? T.Max(T.Zero, value) : value;
                    }
                }
            }

            public override void Backward(
                LayerInput<T> input,
                ReadOnlyMatrixView<T> output,
                MatrixView<T> outputGradient,
                MatrixView<T> inputGradient,
                GradientTargets<T> gradients,
                LayerWorkspace<T> workspace)
            {
                for (int row = 0; row < inputGradient.Rows; row++)
                {
                    for (int column = 0; column < inputGradient.Columns; column++)
                        inputGradient[row, column] = outputGradient[row, column] + outputGradient[row, column];
                }
            }
        }
    }
}
