using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A layer that can do the ReLU that follows it as it writes its own output, as a matrix product does. A <see cref="Sequential"/> decides
/// once where that is done: there it calls <see cref="ForwardRelu"/> instead of the layer's forward pass and leaves out the ReLU's. The
/// backward passes of both are run as ever.
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
