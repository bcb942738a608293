using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>
/// The simple tier: <c>y = (1 + gain) x</c> with a gain for each feature, which begins at 0. Two passes, and nothing else.
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
            {
                for (int j = 0; j < input.Columns; j++)
                    output[i, j] = (T.One + Parameters[0].Value[0, j]) * input[i, j];
            }
        }

        protected override void Backward(
            ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> inputGradient)
        {
            for (int i = 0; i < input.Rows; i++)
            {
                for (int j = 0; j < input.Columns; j++)
                {
                    inputGradient[i, j] = (T.One + Parameters[0].Value[0, j]) * outputGradient[i, j];
                    Parameters[0].Gradient[0, j] += input[i, j] * outputGradient[i, j];
                }
            }
        }
    }
}
