using System.Numerics;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>The arguments of <see cref="RowLanes{T, TLanes, TRows, TGroups, TVectors}"/>.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct RowLanesRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The first row of each group, at the first k.</summary>
    public T* Group0, Group1, Group2, Group3;

    /// <summary>The stride from one row to the next, in elements.</summary>
    public nint Stride;

    /// <summary>The first vector, at the first k.</summary>
    public T* Vectors;

    /// <summary>The stride from one k of a vector to the next, in elements.</summary>
    public nint DepthStep;

    /// <summary>The stride from one vector to the next, in elements.</summary>
    public nint VectorStep;

    /// <summary>The number of k, at least four.</summary>
    public int Depth;

    /// <summary>Whether the chains start from zero; otherwise they start from <see cref="Chains"/>.</summary>
    public bool FromZero;

    /// <summary>Whether a ReLU follows the chains.</summary>
    public bool Relu;

    /// <summary>The chains of all lanes, for each group and each vector: initial values on entry, results on return.</summary>
    public T* Chains;
}
