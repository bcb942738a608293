using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;
using DeepLearn.Kernels.Gemm.Paths;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The right operand of many products, <c>alpha op(B)</c>, stored in the order in which the kernels read it. It pays for a weight matrix
/// that is packed once and used for many batches.
/// </summary>
/// <remarks>
/// It is a copy: after a change of the matrix, call <see cref="Pack"/> again. Do not pack while a product reads it; the class does not
/// check this. Any number of products may read it at the same time.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// // A matrix by which many others are multiplied: packed once.
/// var packed = new PackedMatrix&lt;float&gt;(depth: 64, columns: 10);
/// packed.Pack(new Matrix&lt;float&gt;(64, 10));
/// var scores = new Matrix&lt;float&gt;(5, 10);
/// MatrixProduct.Multiply(new Matrix&lt;float&gt;(5, 64), packed, new ProductOptions&lt;float&gt;(), workers, scores);
/// </code></example>
public sealed unsafe class PackedMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelSet<T> _set;
    private readonly T[] _storage;
    private readonly int _offset;
    private readonly ColumnPanels<T> _layout;
    private bool _packed;

    /// <summary>Allocates memory for a right operand of the given shape. <see cref="Pack"/> fills it.</summary>
    /// <param name="depth">The rows of op(B) (k), at least 0.</param>
    /// <param name="columns">The columns of op(B) (n), at least 0.</param>
    /// <exception cref="ArgumentException">A negative size, or more elements than an array can have.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor
    /// <see cref="double"/>.</exception>
    public PackedMatrix(int depth, int columns)
        : this(depth, columns, CurrentSet())
    {
    }

    /// <summary>Allocates memory for given kernels.</summary>
    internal PackedMatrix(int depth, int columns, KernelSet<T> set)
    {
        if (depth < 0 || columns < 0)
            throw new ArgumentException($"A matrix has at least 0 rows and columns; found [{depth}, {columns}].");
        _set = set;
        int padding = (Matrix<T>.Alignment / sizeof(T)) + PanelPacking.Slack;
        long count = columns > Array.MaxLength - set.Width ? long.MaxValue : (long)depth * set.VectorsOf(columns) * set.Width;
        if (count > Array.MaxLength - padding)
            throw new ArgumentException($"A packed matrix has at most {Array.MaxLength - padding} elements; found [{depth}, {columns}].");
        Depth = depth;
        Columns = columns;
        _layout = PackedProduct.PanelsOf(columns, set);
        _storage = GC.AllocateArray<T>((int)count + padding, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_storage));
        _offset = (int)((Matrix<T>.Alignment - (address % Matrix<T>.Alignment)) % Matrix<T>.Alignment) / sizeof(T);
    }

    /// <summary>The rows of op(B) (k).</summary>
    public int Depth { get; }

    /// <summary>The columns of op(B) (n).</summary>
    public int Columns { get; }

    /// <summary>The kernels for which the panels are made.</summary>
    internal KernelSet<T> Set => _set;

    /// <summary>Whether <see cref="Pack"/> has been called.</summary>
    internal bool IsPacked => _packed;

    /// <summary>The panels.</summary>
    internal T* Panels => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_storage)) + _offset;

    /// <summary>The columns divided into panels.</summary>
    internal ColumnPanels<T> Layout => _layout;

    private static KernelSet<T> CurrentSet()
    {
        Precision.Require<T>();
        return KernelSet<T>.Current;
    }

    /// <summary>Copies a matrix times a factor. Call it again whenever the matrix has changed.</summary>
    /// <param name="b">B, <c>[k, n]</c>, or <c>[n, k]</c> if it is transposed.</param>
    /// <param name="transpose">Whether B is read as its transpose.</param>
    /// <param name="alpha">The factor on each element, rounded once; null for 1.</param>
    /// <exception cref="ArgumentException">op(B) is not <c>[Depth, Columns]</c>. Nothing has been written then.</exception>
    public void Pack(ReadOnlyMatrixView<T> b, bool transpose = false, T? alpha = null)
    {
        int depth = transpose ? b.Columns : b.Rows, columns = transpose ? b.Rows : b.Columns;
        if (depth != Depth || columns != Columns)
            throw new ArgumentException($"op(B) of [{Depth}, {Columns}] was expected; found [{depth}, {columns}].", nameof(b));
        _packed = true;
        if (b.IsEmpty)
            return;
        var kBlocks = new Division(Depth, Blocking.PackedKc);
        nint depthStep = transpose ? 1 : b.Stride, columnStep = transpose ? b.Stride : 1;
        fixed (T* first = &b.Origin)
        {
            for (int kBlock = 0; kBlock < kBlocks.Count; kBlock++)
            {
                int k = kBlocks.First(kBlock);
                PanelsOfB.Pack(
                    first + (k * depthStep), depthStep, columnStep, kBlocks.Size(kBlock), alpha ?? T.One,
                    _layout, 0, _layout.Count, Panels + ((nint)_layout.PanelColumns * k));
            }
        }
    }

    /// <summary>
    /// Takes a copy of some rows of op(B), as whoever computes them a few at a time has them. Several threads may fill different rows at
    /// once; when the last is there, the matrix is packed.
    /// </summary>
    /// <param name="first">The first of the rows.</param>
    /// <param name="rows">The rows, <c>[count, Columns]</c>.</param>
    internal void PackRows(int first, ReadOnlyMatrixView<T> rows)
    {
        _packed = true;
        var kBlocks = new Division(Depth, Blocking.PackedKc);
        fixed (T* from = &rows.Origin)
        {
            for (int kBlock = 0; kBlock < kBlocks.Count; kBlock++)
            {
                int start = kBlocks.First(kBlock), size = kBlocks.Size(kBlock);
                int row = Math.Max(first, start), count = Math.Min(first + rows.Rows, start + size) - row;
                for (int panel = 0; count > 0 && panel < _layout.Count; panel++)
                {
                    int column = _layout.FirstColumn(panel), step = _layout.PanelStep(panel);
                    T* to = Panels + ((nint)_layout.PanelColumns * start) + ((nint)column * size) + ((nint)(row - start) * step);
                    T* source = from + ((row - first) * rows.Stride) + column;
                    PanelPacking.Copy(source, rows.Stride, count, _layout.ColumnCount(panel), T.One, to, step);
                }
            }
        }
    }
}
