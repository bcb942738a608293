using System.Numerics;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Package.Tests;

/// <summary>An expert's layer from outside: weights without biases, which reads bytes and fuses a ReLU.</summary>
internal sealed record StrangeDense(int Units) : Layer
{
    public override Shape OutputShape(Shape input) => Units;

    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build, Units);

    private sealed class Runtime<T> : LayerRuntime<T>, IFusesRelu<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public Runtime(LayerBuild build, int units)
            : base(build.Input, units)
        {
            Parameters = [new(build.NameOf("weights"), ParameterRole.Weights, build.Input.Count, units)];
            NormalInitializer.He.Fill(build.Input.Count, units, build.Key, Parameters[0].Value.View);
        }

        public override IReadOnlyList<Parameter<T>> Parameters { get; }

        public override LayerTraits Traits { get; } =
            new() { BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true, ReadsBytes = true };

        public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
            Multiply(input, output, relu: false, workspace);

        public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
        {
            Counts.Fused++;
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
            GradientTarget<T> target = gradients[0];
            if (target.Destination == Parameters[0].Value)
                Counts.Accumulated++;
            var options = new ProductOptions<T> { TransposeA = true, Alpha = target.Scale, Beta = target.Keep };
            MatrixProduct.Multiply(input, outputGradient, options, workspace.Workers, target.Destination.View);
        }

        private void Multiply(LayerInput<T> input, MatrixView<T> output, bool relu, LayerWorkspace<T> workspace)
        {
            Counts.OfBytes += input.IsBytes ? 1 : 0;
            MatrixProduct.Multiply(input, Parameters[0].Value, new ProductOptions<T> { Relu = relu }, workspace.Workers, output);
        }
    }
}
