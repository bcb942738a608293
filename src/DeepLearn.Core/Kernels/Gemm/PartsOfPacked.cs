using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// A product whose right operand has been packed, divided in parts: each takes some rows of the result, or some strips of its columns.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly struct PartsOfPacked<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Product<T> _product;
    private readonly KernelSet<T> _set;
    private readonly Strips<T> _strips;
    private readonly bool _byRows;
    private readonly Division _pieces;

    /// <summary>Divides a product in at most so many parts.</summary>
    public PartsOfPacked(in Product<T> product, KernelSet<T> set, in Strips<T> strips, int parts)
    {
        _product = product;
        _set = set;
        _strips = strips;
        _byRows = product.Rows >= parts * KernelSet<T>.MaxRows || strips.Count < parts;
        int most = _byRows ? product.Rows : strips.Count;
        _pieces = Division.Into(most, Math.Min(parts, most));
    }

    /// <summary>The number of parts.</summary>
    public int Parts => _pieces.Pieces;

    /// <inheritdoc/>
    public void Run(int part)
    {
        int first = _pieces.First(part), size = _pieces.Size(part);
        Product<T> window = _byRows ? _product.Window(first, size, 0, _product.Columns) : _product;
        Blocking blocking = Blocking.ForPacked(window, _set);
        if (_byRows)
            BlockedProduct.Multiply(window, _set, blocking, _strips, 0, _strips.Count);
        else
            BlockedProduct.Multiply(window, _set, blocking, _strips, first, first + size);
    }
}
