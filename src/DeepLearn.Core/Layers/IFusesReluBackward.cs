using System.Numerics;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A layer that also does the backward pass of the ReLU that is fused into it: it is given the gradient behind the ReLU, and passes over
/// memory are saved. Where a ReLU is fused into such a layer, a <see cref="Sequential"/> calls <see cref="BackwardRelu"/> instead of the
/// backward passes of the two.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IFusesReluBackward<T> : IFusesRelu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the gradients, bit for bit what the two backward passes give one after the other.</summary>
    /// <param name="input">The activations before the layer, <c>[batch, features in]</c>, where its backward pass reads them.</param>
    /// <param name="output">The activations after the ReLU, <c>[batch, features out]</c>.</param>
    /// <param name="outputGradient">
    /// The gradient of the activations after the ReLU, <c>[batch, features out]</c>; left as it is if the layer's
    /// <see cref="LayerTraits.KeepsOutputGradient"/> says so.
    /// </param>
    /// <param name="inputGradient">Receives the gradient of the input, <c>[batch, features in]</c>; empty where it is not wanted.</param>
    /// <param name="gradients">Where the gradients of the parameters go.</param>
    /// <param name="workspace">The workspace of the forward pass.</param>
    void BackwardRelu(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace);
}
