using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// One of the matrices of a Winograd convolution, as the code that multiplies it by a vector. A square is transformed by applying it to
/// each column, and then to each row of the result.
/// </summary>
internal interface IWinogradTransform
{
    /// <summary>The length of the vector that is read.</summary>
    static abstract int From { get; }

    /// <summary>The length of the vector that is written.</summary>
    static abstract int To { get; }

    /// <summary>Transforms a line, which is a column or a row of a square: reads all of its elements, then writes the results.</summary>
    /// <param name="line">The line.</param>
    static abstract void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>;
}

/// <summary>Reads and writes a line. Each element is a vector of channels.</summary>
internal interface IWinogradLine<TLanes>
{
    /// <summary>Reads an element of the line.</summary>
    TLanes Load(int index);

    /// <summary>Writes an element of the transformed line.</summary>
    void Store(int index, TLanes value);
}
