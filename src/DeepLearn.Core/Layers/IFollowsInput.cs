using System.Numerics;
using DeepLearn.Kernels;

namespace DeepLearn.Layers;

/// <summary>
/// A layer that first sweeps over its input, as batch normalization does for its statistics, and can do so while the layer before it, an
/// <see cref="IReportsOutput{T}"/>, writes it. In training a <see cref="Sequential"/> brings the two together.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IFollowsInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Begins the forward pass over a batch that is about to be written. The next forward pass with this workspace is over that batch; it
    /// gives the bits that it would give alone, also where only a part of the batch, or nothing, has been reported.
    /// </summary>
    /// <param name="batch">The number of examples.</param>
    /// <param name="workspace">A workspace for training that the layer made.</param>
    /// <returns>Who is to be told what has been written.</returns>
    IOutputFollower<T> Follow(int batch, LayerWorkspace<T> workspace);
}
