using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Package.Tests;

/// <summary>A simple layer from outside: each feature times a factor that is learned.</summary>
internal sealed record StrangeScale : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build);

    private sealed class Runtime<T> : SimpleLayerRuntime<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public Runtime(LayerBuild build)
            : base(build.Input, build.Input)
        {
            Parameters = [new(build.NameOf("factors"), ParameterRole.NormalizationScale, 1, build.Input.Count)];
            Parameters[0].Value.View.Fill(T.One);
        }

        public override IReadOnlyList<Parameter<T>> Parameters { get; }

        protected override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output)
        {
            for (int i = 0; i < input.Rows; i++)
            {
                for (int j = 0; j < input.Columns; j++)
                    output[i, j] = input[i, j] * Parameters[0].Value[0, j];
            }
        }

        protected override void Backward(
            ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> inputGradient)
        {
            Span<T> gradient = Parameters[0].Gradient.Row(0);
            for (int i = 0; i < input.Rows; i++)
            {
                for (int j = 0; j < input.Columns; j++)
                {
                    gradient[j] += input[i, j] * outputGradient[i, j];
                    inputGradient[i, j] = outputGradient[i, j] * Parameters[0].Value[0, j];
                }
            }
        }
    }
}
