using System.Numerics;
using System.Numerics.Tensors;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Elementwise;

/// <content>The kernels over rows and columns of matrices.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase<T>> Rows<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new(
            "row softmax", "Max, Subtract, SoftMax", 2,
            o => RowReductions.Softmax(o.X, o.Own.View, o.PerRow),
            o =>
            {
                for (int i = 0; i < o.Rows; i++)
                {
                    ReadOnlySpan<T> x = X(o).Slice(i * o.Columns, o.Columns);
                    Span<T> to = Peer(o).Slice(i * o.Columns, o.Columns);
                    TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), to);
                    TensorPrimitives.SoftMax<T>(to, to);
                }
            }),
        new(
            "row log-sum-exp", "Max, Subtract, Exp, Sum", 1,
            o => RowReductions.LogSumExp(o.X, Own(o)[..o.Rows]),
            o =>
            {
                for (int i = 0; i < o.Rows; i++)
                {
                    ReadOnlySpan<T> x = X(o).Slice(i * o.Columns, o.Columns);
                    Span<T> powers = o.Mean.Row(i);
                    T greatest = TensorPrimitives.Max(x);
                    TensorPrimitives.Subtract(x, greatest, powers);
                    TensorPrimitives.Exp<T>(powers, powers);
                    Peer(o)[i] = greatest + T.Log(TensorPrimitives.Sum<T>(powers));
                }
            }) { Tolerance = Loose<T>() },
        new(
            "row sums", "Sum", 1,
            o => RowReductions.Sum(o.Y, Own(o)[..o.Rows]),
            o =>
            {
                for (int i = 0; i < o.Rows; i++)
                    Peer(o)[i] = TensorPrimitives.Sum<T>(Y(o).Slice(i * o.Columns, o.Columns));
            }) { Tolerance = Loose<T>() },
        new(
            "row mean and variance", "Average, StdDev", 1,
            o => RowReductions.MeanAndVariance(o.Y, Own(o)[..o.Rows], Own(o).Slice(o.Rows, o.Rows)),
            o =>
            {
                for (int i = 0; i < o.Rows; i++)
                {
                    ReadOnlySpan<T> y = Y(o).Slice(i * o.Columns, o.Columns);
                    Peer(o)[i] = TensorPrimitives.Average(y);
                    T deviation = TensorPrimitives.StdDev(y);
                    Peer(o)[o.Rows + i] = deviation * deviation;
                }
            }) { Tolerance = Loose<T>() },
        new(
            "row max", "Max", 1,
            o => RowReductions.Max(o.X, Own(o)[..o.Rows]),
            o =>
            {
                for (int i = 0; i < o.Rows; i++)
                    Peer(o)[i] = TensorPrimitives.Max(X(o).Slice(i * o.Columns, o.Columns));
            }),
        new(
            "row argmax", "IndexOfMax", 1,
            o => RowReductions.ArgMax<T>(o.X, o.Positions),
            o =>
            {
                for (int i = 0; i < o.Rows; i++)
                    o.PeerPositions[i] = TensorPrimitives.IndexOfMax<T>(X(o).Slice(i * o.Columns, o.Columns));
            }),
    ];

    private static IEnumerable<KernelCase<T>> Columns<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        Memory<T>("column sums", 1, o => ColumnReductions.Sum(o.X, T.One, T.Zero, o.PerColumn), Read),
        Memory<T>(
            "column mean and variance", 2, o => ColumnReductions.MeanAndVariance(o.X, o.PerColumn, o.Variances),
            o =>
            {
                Read(o);
                Read(o);
            }),
        new(
            "column max", "Max", 1,
            o => ColumnReductions.Max(o.X, Own(o)[..o.Columns]),
            o =>
            {
                Span<T> greatest = Peer(o)[..o.Columns];
                X(o)[..o.Columns].CopyTo(greatest);
                for (int i = 1; i < o.Rows; i++)
                    TensorPrimitives.Max(greatest, X(o).Slice(i * o.Columns, o.Columns), greatest);
            }),
        Memory<T>("column argmax", 1, o => ColumnReductions.ArgMax<T>(o.X, o.PositionsInColumns), Read),
        Memory<T>("transpose", 2, Transpose, Copy) with { Shapes = [.. Shapes, (1_024, 1_024), (100, 3_072), (4_096, 2_048)] },
    ];

    private static void Transpose<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Transposition.Transpose(o.X, new MatrixView<T>(Own(o), o.Columns, o.Rows));
}
