using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// A product whose A is rows of bytes: they become numbers as they are packed, in the nearest cache, and are never written as a whole.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct ByteProduct<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Product<T> _product;
    private KernelSet<T> _set;
    private BytePanels<T> _bytes;
    private bool _transposed, _byRows;
    private Division _pieces;

    /// <summary>The product, whose own A is nothing but its shape.</summary>
    /// <param name="product">Everything but A.</param>
    /// <param name="bytes">A, not transposed.</param>
    /// <param name="transposed">Whether op(A) is the transpose.</param>
    /// <param name="set">The kernels.</param>
    public ByteProduct(in Product<T> product, in BytePanels<T> bytes, bool transposed, KernelSet<T> set)
    {
        _product = product;
        _bytes = bytes;
        _transposed = transposed;
        _set = set;
    }

    /// <summary>Takes the product.</summary>
    public void Run(WorkerPool workers)
    {
        int units = _set.UnitsOf(_product.Columns);
        _byRows = _product.Rows >= units * 4;
        int most = _byRows ? _product.Rows : units;
        int parts = Math.Min(Dispatch.PartsFor(_product, workers), most);
        if (parts <= 1)
        {
            Multiply(0, _product.Rows, 0, _product.Columns);
            return;
        }
        _pieces = Division.Into(most, parts);
        workers.Run(ref this, parts);
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int first = _pieces.First(part), size = _pieces.Size(part);
        if (_byRows)
        {
            Multiply(first, size, 0, _product.Columns);
            return;
        }
        int column = first * _set.Width;
        Multiply(0, _product.Rows, column, Math.Min(size * _set.Width, _product.Columns - column));
    }

    private readonly void Multiply(int row, int rows, int column, int columns)
    {
        Product<T> window = _product.Window(row, rows, column, columns);
        Blocking blocking = Blocking.ForBytes(window, _set, _transposed);
        var strips = new Strips<T>(columns, _set, blocking.StripUnits, blocking.ShareEdge);
        if (_transposed)
        {
            var panels = new ByteColumns<T>
            {
                Source = _bytes.Source + row,
                Starts = _bytes.Starts,
                Scale = _bytes.Scale + row,
                Offset = _bytes.Offset + row,
            };
            BlockedProduct.Multiply(window, panels, _set, blocking, strips, 0, strips.Count);
        }
        else
        {
            BytePanels<T> panels = _bytes;
            panels.Starts += row;
            panels.Known -= row;
            BlockedProduct.Multiply(window, panels, _set, blocking, strips, 0, strips.Count);
        }
    }
}
