using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Support;

/// <summary>A layer that passes on what it is given, forward and backward: what a layer of a test that only looks begins with.</summary>
public class IdentityRuntime<T>(Shape shape) : LayerRuntime<T>(shape, shape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        input.Numbers.CopyTo(output);

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        if (!inputGradient.IsEmpty)
            ((ReadOnlyMatrixView<T>)outputGradient).CopyTo(inputGradient);
    }
}
