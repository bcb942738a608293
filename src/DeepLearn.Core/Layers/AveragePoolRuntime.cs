using System.Numerics;
using DeepLearn.Kernels.Pooling;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The runtime of <see cref="AveragePool"/>, and of <see cref="GlobalAveragePool"/>, whose one window is the image.</summary>
internal sealed class AveragePoolRuntime<T>(Shape input, Shape output, PoolGeometry geometry, bool countsPadding)
    : LayerRuntime<T>(input, output)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override LayerTraits Traits { get; } = new() { BackwardNeeds = BackwardNeeds.None, KeepsOutputGradient = true };

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        AveragePooling.Forward(geometry, countsPadding, input.Numbers, output, workspace.Workers);

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        if (!inputGradient.IsEmpty)
            AveragePooling.Backward(geometry, countsPadding, outputGradient, inputGradient, workspace.Workers);
    }
}
