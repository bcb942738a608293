using System.Numerics;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>The arguments of <see cref="RowLanes{T, TLanes, TRows, TGroups, TVectors}"/>. Strides are in elements.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct RowLanesRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The first row, at the first k. The rows of a group follow each other, then the groups, then the blocks.</summary>
    public T* Matrix;

    /// <summary>The stride from one row to the next.</summary>
    public nint Stride;

    /// <summary>How far the last group of the last block steps back in <see cref="Matrix"/>.</summary>
    public nint BackMatrix;

    /// <summary>The number of blocks, each of as many groups as the kernel has.</summary>
    public nint Blocks;

    /// <summary>The first vector, at the first k.</summary>
    public T* Vectors;

    /// <summary>The stride from one k of a vector to the next.</summary>
    public nint DepthStep;

    /// <summary>The stride from one vector to the next.</summary>
    public nint VectorStep;

    /// <summary>The number of k: at least four, or two of <see cref="double"/>.</summary>
    public int Depth;

    /// <summary>
    /// Whether two groups do not advance together: their rows share a few sets of the L1 cache, which have no room for all of them, or come
    /// from memory.
    /// </summary>
    public bool GroupByGroup;

    /// <summary>Whether the initial values are multiplied by <see cref="Beta"/>.</summary>
    public bool Scales;

    /// <summary>Whether a ReLU follows the chains.</summary>
    public bool Relu;

    /// <summary>The factor, if <see cref="Scales"/> is true.</summary>
    public T Beta;

    /// <summary>The initial values of the chains, contiguous for a group; null for zero.</summary>
    public T* From;

    /// <summary>The strides in <see cref="From"/> from one vector, group and block to the next.</summary>
    public nint VectorFrom, GroupFrom, BlockFrom;

    /// <summary>How far the last group of the last block steps back in <see cref="From"/>.</summary>
    public nint BackFrom;

    /// <summary>Receives the results, contiguous for a group.</summary>
    public T* To;

    /// <summary>The strides in <see cref="To"/> from one vector, group and block to the next.</summary>
    public nint VectorTo, GroupTo, BlockTo;

    /// <summary>How far the last group of the last block steps back in <see cref="To"/>.</summary>
    public nint BackTo;
}
