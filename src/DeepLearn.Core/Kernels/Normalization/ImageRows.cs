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

    /// <summary>From an example on.</summary>
    public ImageRows<T> From(int example) => this with { Start = (nint)this[example] };

    /// <summary>The rows that begin with an example: all further examples, or the positions of this one.</summary>
    /// <param name="example">The example.</param>
    /// <param name="areExamples">Whether each example is a row; it has one position then.</param>
    /// <param name="columns">The numbers of a position.</param>
    public ImageRows<T> RowsFrom(int example, bool areExamples, int columns) =>
        new((nint)this[example], areExamples ? Stride : columns);
}
