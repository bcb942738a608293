using System.Numerics;
using System.Numerics.Tensors;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>
/// The simple tier: <c>y = x + gain x</c> with a gain for each feature, which begins at 0. Two passes, and nothing else.
/// </summary>
internal sealed record FeatureGain : Layer
{
    public override Shape OutputShape(Shape input) => input;
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build);

    private sealed class Runtime<T>(LayerBuild build) : SimpleLayerRuntime<T>(build.Input, build.Input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override IReadOnlyList<Parameter<T>> Parameters { get; } =
            [new(build.NameOf("gain"), ParameterRole.NormalizationScale, 1, build.Input.Count)];

        protected override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output)
        {
            for (int i = 0; i < input.Rows; i++)
                TensorPrimitives.FusedMultiplyAdd(Parameters[0].Value.Row(0), input.Row(i), input.Row(i), output.Row(i));
        }

        protected override void Backward(
            ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> inputGradient)
        {
            Span<T> gain = Parameters[0].Value.AsSpan(), gradient = Parameters[0].Gradient.AsSpan();
            for (int i = 0; i < input.Rows; i++)
            {
                TensorPrimitives.FusedMultiplyAdd(gain, outputGradient.Row(i), outputGradient.Row(i), inputGradient.Row(i));
                TensorPrimitives.FusedMultiplyAdd(outputGradient.Row(i), input.Row(i), gradient, gradient);
            }
        }
    }
}
