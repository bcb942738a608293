using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Elementwise;

/// <summary>The operands of the kernels of <c>ratios elementwise</c>: matrices of one shape, which most kernels use as spans.</summary>
/// <typeparam name="T">The precision.</typeparam>
internal sealed class KernelOperands<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="rows">The rows of a matrix.</param>
    /// <param name="columns">The columns of a matrix.</param>
    public KernelOperands(int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        (X, Y, Own, Peer) = (new(rows, columns), new(rows, columns), new(rows, columns), new(rows, columns));
        (Mean, MeanSquare) = (new(rows, columns), new(rows, columns));
        Bytes = new byte[rows * columns];
        RandomStream random = RandomKey.FromSeed(1).Open();
        Span<T> x = X.AsSpan(), y = Y.AsSpan();
        for (int i = 0; i < x.Length; i++)
        {
            double uniform = random.NextUniform();
            x[i] = T.CreateChecked((8 * uniform) - 4);
            y[i] = T.CreateChecked(uniform + 0.1);
            Bytes[i] = (byte)(uniform * 256);
        }
        PerColumn = new T[columns];
        Variances = new T[columns];
        PerRow = new T[rows];
        Positions = new int[rows];
        PeerPositions = new int[rows];
        PositionsInColumns = new int[columns];
    }

    /// <summary>The rows of each matrix.</summary>
    public int Rows { get; }

    /// <summary>The columns of each matrix.</summary>
    public int Columns { get; }

    /// <summary>The elements of each matrix.</summary>
    public int Count => Rows * Columns;

    /// <summary>From -4 to 4.</summary>
    public Matrix<T> X { get; }

    /// <summary>From 0.1 to 1.1.</summary>
    public Matrix<T> Y { get; }

    /// <summary>Our result; zeros at first.</summary>
    public Matrix<T> Own { get; }

    /// <summary>The peer's result; zeros at first.</summary>
    public Matrix<T> Peer { get; }

    /// <summary>State of an optimizer; zeros at first.</summary>
    public Matrix<T> Mean { get; }

    /// <summary>State of an optimizer; zeros at first.</summary>
    public Matrix<T> MeanSquare { get; }

    /// <summary>From 0 to 255.</summary>
    public byte[] Bytes { get; }

    /// <summary>A number for each column.</summary>
    public T[] PerColumn { get; }

    /// <summary>Another number for each column.</summary>
    public T[] Variances { get; }

    /// <summary>A number for each row.</summary>
    public T[] PerRow { get; }

    /// <summary>Our column for each row; zeros at first.</summary>
    public int[] Positions { get; }

    /// <summary>The peer's column for each row; zeros at first.</summary>
    public int[] PeerPositions { get; }

    /// <summary>A row for each column.</summary>
    public int[] PositionsInColumns { get; }
}
