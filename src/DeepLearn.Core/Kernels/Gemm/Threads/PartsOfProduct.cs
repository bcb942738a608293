using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Paths;

namespace DeepLearn.Kernels.Gemm.Threads;

/// <summary>
/// A product divided into parts for several threads. Each part computes some rows or some columns of the result, over all k.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct PartsOfProduct<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The fewest rows for each vector of columns for which a product is divided by rows. Each part then reads all of B; if it is divided
    /// by columns, each part reads all of A.
    /// </summary>
    private const int RowsPerVector = 4;

    private readonly Product<T> _product;
    private readonly KernelSet<T> _set;
    private readonly bool _byRows;
    private readonly bool _byPanels;
    private readonly Division _parts;

    /// <summary>Divides a product into at most the given number of parts.</summary>
    public PartsOfProduct(in Product<T> product, KernelSet<T> set, int parts)
    {
        _product = product;
        _set = set;

        // Columns are divided at the borders of vectors, or of packed panels.
        int columns;
        _byPanels = PackedProduct.Suits(product, set);
        if (_byPanels)
        {
            columns = PackedProduct.PanelsOf(product.Columns, set).Count;
            _byRows = product.Rows >= parts * KernelSet<T>.MaxMr || columns < parts;
        }
        else
        {
            columns = set.VectorsOf(product.Columns);
            _byRows = product.Rows >= columns * RowsPerVector;
        }
        int most = _byRows ? product.Rows : columns;
        _parts = Division.Into(most, Math.Min(parts, most));
    }

    /// <summary>The number of parts.</summary>
    public int Parts => _parts.Count;

    /// <inheritdoc/>
    public void Run(int part)
    {
        int first = _parts.First(part), size = _parts.Size(part);
        if (_byRows)
        {
            Dispatch.Run(_product.Window(first, size, 0, _product.Columns), _set);
        }
        else if (_byPanels)
        {
            Product<T> some = _product;
            some.FirstPanel = first;
            some.EndPanel = first + size;
            Dispatch.Run(some, _set);
        }
        else
        {
            int firstColumn = first * _set.Width;
            Dispatch.Run(_product.Window(0, _product.Rows, firstColumn, Math.Min(size * _set.Width, _product.Columns - firstColumn)), _set);
        }
    }
}
