using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>Weights whose memory is asked for while others are multiplied: nine taps of some rows.</summary>
/// <param name="first">The first weight; null for none.</param>
/// <param name="tapStep">From one tap to the next.</param>
/// <param name="rowStep">From one row to the next.</param>
internal readonly unsafe struct WinogradAhead<T>(T* first, nint tapStep, nint rowStep)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most rows; a cache line of each is asked for before the line beside it.</summary>
    private const int Rows = WinogradSizes<T>.ColumnsOfStream;

    /// <summary>The first weight; null for none.</summary>
    public readonly T* First = first;

    /// <summary>From one tap to the next.</summary>
    public readonly nint TapStep = tapStep;

    /// <summary>From one row to the next.</summary>
    public readonly nint RowStep = rowStep;

    /// <summary>Some rows of a cache line.</summary>
    /// <param name="item">Which of them.</param>
    /// <param name="rows">How many.</param>
    public WinogradAhead<T> Part(int item, int rows)
    {
        (int line, int ofLine) = Math.DivRem(item, Rows / rows);
        return new(First + (ofLine * rows * RowStep) + (line * WinogradSizes<T>.LineOfCache), TapStep, RowStep);
    }
}
