using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Tests;

/// <summary>A layer of a user's own, which multiplies by a number.</summary>
internal sealed record Twice(float Factor = 2) : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new TwiceRuntime<T>(build.Input, T.CreateChecked(Factor));

    private sealed class TwiceRuntime<T>(Shape shape, T factor) : SimpleLayerRuntime<T>(shape, shape)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        protected override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output)
        {
            for (int row = 0; row < input.Rows; row++)
            {
                for (int i = 0; i < input.Columns; i++)
                    output.Row(row)[i] = factor * input.Row(row)[i];
            }
        }

        protected override void Backward(
            ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> inputGradient) =>
            throw new NotSupportedException();
    }
}
