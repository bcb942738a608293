using System.Numerics;

namespace DeepLearn.Kernels.Normalization;

/// <summary>The examples of a batch, one a row: positions, each with its channels.</summary>
/// <param name="Start">The first number of the first example.</param>
/// <param name="Stride">The distance from one example to the next.</param>
internal readonly unsafe record struct ImageRows<T>(nint Start, nint Stride)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public ImageRows(T* start, int stride)
        : this((nint)start, stride)
    {
    }

    /// <summary>The first number of an example.</summary>
    public T* this[int example] => (T*)Start + (example * Stride);
}
