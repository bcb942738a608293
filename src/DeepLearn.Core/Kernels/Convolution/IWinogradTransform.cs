using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// One of the matrices of a Winograd convolution, as what it does to a line of numbers. A square of numbers is transformed by doing it to
/// each column and then to each row of what that gives.
/// </summary>
internal interface IWinogradTransform
{
    /// <summary>The numbers of a line before.</summary>
    static abstract int From { get; }

    /// <summary>The numbers of a line after.</summary>
    static abstract int To { get; }

    /// <summary>Transforms a line: reads all of its numbers, then writes all that become of them.</summary>
    /// <param name="line">The line.</param>
    static abstract void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>;
}

/// <summary>Where a line is read and written.</summary>
internal interface IWinogradLine<TLanes>
{
    /// <summary>A number of the line as it was.</summary>
    TLanes Load(int index);

    /// <summary>Writes a number of what the line becomes.</summary>
    void Store(int index, TLanes value);
}
