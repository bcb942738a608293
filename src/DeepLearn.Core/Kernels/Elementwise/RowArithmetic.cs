using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>Applies the same numbers to every row of a matrix, such as a bias or a scale for each feature.</summary>
public static class RowArithmetic
{
    /// <summary>destination[i, j] = destination[i, j] + row[j].</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="row">The numbers that are added to each row, <c>[columns]</c>; they share no memory with the matrix.</param>
    /// <param name="destination">The matrix, <c>[rows, columns]</c>, which is updated.</param>
    /// <exception cref="ArgumentException">
    /// The row does not have as many numbers as the matrix has columns, or they share memory. Nothing has been written then.
    /// </exception>
    public static void Add<T>(ReadOnlySpan<T> row, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRow(row.Length, destination.Columns, nameof(row));
        MatrixGuard.CheckApart(row, destination);
        for (int i = 0; i < destination.Rows; i++)
            Arithmetic.Add(destination.Row(i), row, destination.Row(i));
    }

    /// <summary>destination[i, j] = source[i, j] scale[j] + shift[j], rounded once.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>.</param>
    /// <param name="scale">The factors, <c>[columns]</c>; they share no memory with the result.</param>
    /// <param name="shift">The summands, <c>[columns]</c>; they share no memory with the result.</param>
    /// <param name="destination">The result, <c>[rows, columns]</c>; it may be the source.</param>
    /// <exception cref="ArgumentException">The shapes differ, or memory is shared otherwise. Nothing has been written then.</exception>
    public static void ScaleAndShift<T>(
        ReadOnlyMatrixView<T> source, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckShapes(source, destination);
        CheckRow(scale.Length, source.Columns, nameof(scale));
        CheckRow(shift.Length, source.Columns, nameof(shift));
        MatrixGuard.CheckSameOrApart(source, destination);
        MatrixGuard.CheckApart(scale, destination);
        MatrixGuard.CheckApart(shift, destination);
        for (int i = 0; i < source.Rows; i++)
            Arithmetic.MultiplyAdd(source.Row(i), scale, shift, destination.Row(i));
    }

    /// <summary>
    /// destination[i, j] = (source[i, j] - mean[j]) factor[j]. With each column's mean and inverse standard deviation, the columns get mean
    /// 0 and standard deviation 1.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>.</param>
    /// <param name="mean">The numbers that are subtracted, <c>[columns]</c>; they share no memory with the result.</param>
    /// <param name="factor">The factors of the differences, <c>[columns]</c>; they share no memory with the result.</param>
    /// <param name="destination">The result, <c>[rows, columns]</c>; it may be the source.</param>
    /// <exception cref="ArgumentException">The shapes differ, or memory is shared otherwise. Nothing has been written then.</exception>
    public static void Standardize<T>(
        ReadOnlyMatrixView<T> source, ReadOnlySpan<T> mean, ReadOnlySpan<T> factor, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckShapes(source, destination);
        CheckRow(mean.Length, source.Columns, nameof(mean));
        CheckRow(factor.Length, source.Columns, nameof(factor));
        MatrixGuard.CheckSameOrApart(source, destination);
        MatrixGuard.CheckApart(mean, destination);
        MatrixGuard.CheckApart(factor, destination);
        for (int i = 0; i < source.Rows; i++)
            Map.Apply(default(StandardizeOperator<T>), source.Row(i), mean, factor, destination.Row(i));
    }

    private static void CheckShapes<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Rows != destination.Rows || source.Columns != destination.Columns)
            throw new ArgumentException($"The destination must be {source.ToString()}; found {destination.ToString()}.");
    }

    private static void CheckRow(int found, int columns, string name)
    {
        if (found != columns)
            throw new ArgumentException($"A matrix of {columns} columns needs {columns} numbers; found {found}.", name);
    }

    private readonly struct StandardizeOperator<T> : ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : struct, ILanes<TLanes, T> => (x - y) * z;
    }
}
