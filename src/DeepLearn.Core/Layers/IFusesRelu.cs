using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A layer that can apply the ReLU that follows it while it writes its own output, which saves a pass over memory. A
/// <see cref="Sequential"/> decides once where to do so. There it calls <see cref="ForwardRelu"/> instead of the forward passes of the
/// layer and of the ReLU; the backward passes of both are run as without fusing, unless the layer is an
/// <see cref="IFusesReluBackward{T}"/>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IFusesRelu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Computes <c>max(0, y)</c> of the layer's output y, bit for bit what the two forward passes give one after the other.
    /// </summary>
    /// <param name="input">The activations before the layer, <c>[batch, features in]</c>.</param>
    /// <param name="output">The activations after the ReLU, <c>[batch, features out]</c>, all of which is written.</param>
    /// <param name="workspace">A workspace that the layer made.</param>
    void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace);
}
