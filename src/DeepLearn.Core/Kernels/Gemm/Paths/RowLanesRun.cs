using System.Numerics;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>One run of <see cref="RowLanes{T, TLanes, TRows, TGroups, TVectors}"/>.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct RowLanesRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The first row of each group, at the first k.</summary>
    public T* Group0, Group1, Group2, Group3;

    /// <summary>From one row to the next, in elements.</summary>
    public nint Stride;

    /// <summary>The first vector, at the first k.</summary>
    public T* Vectors;

    /// <summary>From one k of a vector to the next, in elements.</summary>
    public nint DepthStep;

    /// <summary>From one vector to the next, in elements.</summary>
    public nint VectorStep;

    /// <summary>How many k, four or more.</summary>
    public int Depth;

    /// <summary>Whether the chains start from zero, and not from what is in <see cref="Chains"/>.</summary>
    public bool FromZero;

    /// <summary>Whether the chains end in ReLU.</summary>
    public bool Relu;

    /// <summary>For each group and each vector in it, the chains of all lanes: in and out.</summary>
    public T* Chains;
}
