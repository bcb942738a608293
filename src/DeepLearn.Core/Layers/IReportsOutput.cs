using System.Numerics;
using DeepLearn.Kernels;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A layer that can tell what it has written while it is still in a cache, so that the layer behind it, an <see cref="IFollowsInput{T}"/>,
/// need not pass over memory for it. In training a <see cref="Sequential"/> brings the two together.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IReportsOutput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the layer's output, bit for bit what its forward pass gives, and reports it to a follower.</summary>
    /// <param name="input">The activations before the layer, <c>[batch, features in]</c>.</param>
    /// <param name="output">The activations after it, <c>[batch, features out]</c>, all of which is written.</param>
    /// <param name="follower">Who is told what has been written.</param>
    /// <param name="workspace">A workspace that the layer made.</param>
    void ForwardReporting(LayerInput<T> input, MatrixView<T> output, IOutputFollower<T> follower, LayerWorkspace<T> workspace);
}
