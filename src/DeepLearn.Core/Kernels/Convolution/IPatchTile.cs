using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>A micro-kernel of <see cref="PatchProduct{T, TTile}"/>: some patches by the columns of a panel of weights.</summary>
internal unsafe interface IPatchTile<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The patches of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>The columns of a tile.</summary>
    static abstract int Columns { get; }

    /// <summary>
    /// Some results: <c>result[r][j] = start[j] + sum over segments and k of source[r][offset + k] * panel[first + k][j]</c>, segments and
    /// k in order.
    /// </summary>
    /// <param name="sources">The positions in the source.</param>
    /// <param name="results">Where the rows of results go; each has a tile's columns.</param>
    /// <param name="start">The initial values of the sums; null to continue from the values in the results.</param>
    /// <param name="panel">The weights, a tile's columns for each k.</param>
    /// <param name="offsets">Where each segment begins.</param>
    /// <param name="lengths">How long each segment is.</param>
    /// <param name="starts">Which row of the panel is the first of each segment.</param>
    /// <param name="segments">The number of segments.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    static abstract void Gather(
        T** sources, T** results, T* start, T* panel, int* offsets, int* lengths, int* starts, int segments, bool relu);
}
