using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Data;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>A layer written outside, with public members alone, reaches every fast path that the library's dense layer has.</summary>
public class ForeignLayerTests
{
    private static readonly ByteDataset Examples = SmallData.Bytes(120, new Shape(5, 4, 3));

    [Fact]
    public void Foreign_layer_reads_bytes_does_the_ReLU_and_updates_its_weights_as_Dense_does()
    {
        var seen = new Seen();
        (Model<float> foreign, double[] foreignLosses) = Train(
            new Sequential(new Flatten(), new Foreign(9, seen), new Relu(), new Dense(3)), new Sgd());
        (Model<float> own, double[] losses) = Train(
            new Sequential(new Flatten(), new Dense(9) { HasBiases = false }, new Relu(), new Dense(3)), new Sgd(), start: foreign);
        Assert.Equal(losses, foreignLosses);
        for (int i = 0; i < own.Parameters.Count; i++)
            Assert.Equal(own.Parameters[i].Value.AsSpan().ToArray(), foreign.Parameters[i].Value.AsSpan().ToArray());
        Assert.Equal((0, 12, 12, 0, 12), (seen.Plain, seen.Fused, seen.OfBytes, seen.Written, seen.Accumulated));
        Assert.All(foreign.Parameters, parameter => Assert.False(parameter.HasGradient));
    }

    [Fact]
    public void Foreign_layer_writes_its_gradient_for_an_optimizer_that_needs_it()
    {
        var seen = new Seen();
        (Model<float> model, _) = Train(new Sequential(new Foreign(9, seen), new Tanh(), new Dense(3)), new Adam());
        Assert.Equal((12, 0, 12, 12, 0), (seen.Plain, seen.Fused, seen.OfBytes, seen.Written, seen.Accumulated));
        Assert.All(model.Parameters, parameter => Assert.True(parameter.HasGradient));
    }

    private static (Model<float> Model, double[] Losses) Train(Sequential network, Optimizer optimizer, Model<float>? start = null)
    {
        using var workers = new WorkerPool(2);
        using var loader = new BatchLoader<float>(
            Examples, 40, RandomKey.FromSeed(5), new() { Normalization = Normalization.PerFeature(Examples) }, workers);
        Model<float> model = network.Build<float>(Examples.ExampleShape, seed: 1);
        if (start is not null)
            CopyFresh(start.Network.Build<float>(Examples.ExampleShape, seed: 1), model);
        var step = new TrainingStep<float>(model, new SoftmaxCrossEntropy(), Regularizer.None, optimizer, 40, workers);
        var losses = new double[12];
        for (int i = 0; i < losses.Length; i++)
        {
            Batch<float> batch = loader.Next();
            losses[i] = step.Run(batch, Targets<float>.FromLabels(batch.LabelView), 0.01, i, default);
        }
        return (model, losses);
    }

    private static void CopyFresh(Model<float> from, Model<float> to)
    {
        for (int i = 0; i < from.Parameters.Count; i++)
            from.Parameters[i].Value.AsSpan().CopyTo(to.Parameters[i].Value.AsSpan());
    }

    private sealed class Seen
    {
        public int Plain { get; set; }

        public int Fused { get; set; }

        public int OfBytes { get; set; }

        public int Written { get; set; }

        public int Accumulated { get; set; }
    }

    /// <summary>Weights without biases.</summary>
    private sealed record Foreign(int Units, Seen Seen) : Layer
    {
        public override Shape OutputShape(Shape input) => Units;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build, this);

        private sealed class Runtime<T> : LayerRuntime<T>, IFusesRelu<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            private readonly Seen _seen;

            public Runtime(LayerBuild build, Foreign layer)
                : base(build.Input, layer.Units)
            {
                _seen = layer.Seen;
                Parameters = [new(build.NameOf("weights"), ParameterRole.Weights, build.Input.Count, layer.Units)];
                NormalInitializer.He.Fill(build.Input.Count, layer.Units, build.Key, Parameters[0].Value.View);
            }

            public override IReadOnlyList<Parameter<T>> Parameters { get; }

            public override LayerTraits Traits { get; } =
                new() { BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true, ReadsBytes = true };

            public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
            {
                _seen.Plain++;
                Multiply(input, output, relu: false, workspace);
            }

            public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
            {
                _seen.Fused++;
                Multiply(input, output, relu: true, workspace);
            }

            public override void Backward(
                LayerInput<T> input,
                ReadOnlyMatrixView<T> output,
                MatrixView<T> outputGradient,
                MatrixView<T> inputGradient,
                GradientTargets<T> gradients,
                LayerWorkspace<T> workspace)
            {
                Assert.True(inputGradient.IsEmpty);
                GradientTarget<T> target = gradients[0];
                if (target.Destination == Parameters[0].Value)
                    _seen.Accumulated++;
                else if (target.Destination == Parameters[0].Gradient)
                    _seen.Written++;
                var options = new ProductOptions<T> { TransposeA = true, Alpha = target.Scale, Beta = target.Keep };
                MatrixProduct.Multiply(input, outputGradient, options, workspace.Workers, target.Destination.View);
            }

            private void Multiply(LayerInput<T> input, MatrixView<T> output, bool relu, LayerWorkspace<T> workspace)
            {
                _seen.OfBytes += input.IsBytes ? 1 : 0;
                MatrixProduct.Multiply(input, Parameters[0].Value, new ProductOptions<T> { Relu = relu }, workspace.Workers, output);
            }
        }
    }
}
