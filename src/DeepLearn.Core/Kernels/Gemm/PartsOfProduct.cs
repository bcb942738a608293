using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// A product divided in parts for several threads: each takes some rows or some columns of the result, and every k of them.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly struct PartsOfProduct<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Product<T> _product;
    private readonly KernelSet<T> _set;
    private readonly bool _byRows;
    private readonly Division _pieces;

    /// <summary>Divides a product in at most so many parts.</summary>
    public PartsOfProduct(in Product<T> product, KernelSet<T> set, int parts)
    {
        _product = product;
        _set = set;

        // Rows: each part packs all of B. Columns: each part packs all of A, and a vector must not be cut.
        int units = set.UnitsOf(product.Columns);
        _byRows = product.Rows >= units * 4;
        _pieces = Division.Into(_byRows ? product.Rows : units, Math.Min(parts, _byRows ? product.Rows : units));
    }

    /// <summary>The number of parts.</summary>
    public int Parts => _pieces.Pieces;

    /// <inheritdoc/>
    public void Run(int part)
    {
        int first = _pieces.First(part), size = _pieces.Size(part);
        if (_byRows)
        {
            Dispatch.RunSerially(_product.Window(first, size, 0, _product.Columns), _set);
            return;
        }
        int firstColumn = first * _set.Width;
        int columns = Math.Min(size * _set.Width, _product.Columns - firstColumn);
        Dispatch.RunSerially(_product.Window(0, _product.Rows, firstColumn, columns), _set);
    }
}
