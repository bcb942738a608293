using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels;

/// <summary>
/// Reads the results of a pass while it writes them, as long as they are in a cache: batch normalization takes its statistics so, as the
/// end of the convolution before it. A pass that is given a follower tells it what it has written.
/// </summary>
/// <remarks>
/// A pass reports each number of each example once, after it has been written, from any of its threads and in any order; or it reports none
/// at all. What the follower computes may not depend on the order or on the threads.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IOutputFollower<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Some more numbers of an example have been written.</summary>
    /// <param name="output">
    /// The results of the whole pass, <c>[batch, features]</c>; of these, only examples that have been reported as a whole may be read.
    /// </param>
    /// <param name="example">The example, from 0.</param>
    /// <param name="count">How many of its numbers have been written and not been reported before, at least 1.</param>
    void Wrote(ReadOnlyMatrixView<T> output, int example, int count);
}
