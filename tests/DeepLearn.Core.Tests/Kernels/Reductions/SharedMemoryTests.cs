using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Kernels.Reductions;

/// <summary>Kernels over matrices whose results lie where they read: refused, both named, and nothing written.</summary>
public class SharedMemoryTests
{
    private const int Rows = 4;
    private const int Columns = 5;

    public static TheoryData<string> Names => [.. Cases.Keys];

    // The operands are cut from one piece of memory: X is its first Rows x Columns numbers.
    private static Dictionary<string, Case> Cases { get; } = new()
    {
        ["softmax, a row on"] = new("destination", "source", m => RowReductions.Softmax(X(m), At(m, Columns), default)),
        ["softmax, a row before"] = new("destination", "source", m => RowReductions.Softmax(At(m, Columns), X(m), default)),
        ["softmax, a column on"] = new("destination", "source", m => RowReductions.Softmax(X(m), At(m, 1), default)),
        ["softmax, another stride"] = new(
            "destination", "source", m => RowReductions.Softmax(X(m), new MatrixView<float>(m, Rows, Columns, Columns + 1), default)),
        ["softmax, sums in the source"] = new("logSums", "source", m => RowReductions.Softmax(X(m), At(m, 40), m.AsSpan(2, Rows))),
        ["softmax, sums in the destination"] = new(
            "logSums", "destination", m => RowReductions.Softmax(X(m), At(m, 40), m.AsSpan(59, Rows))),
        ["log-sum-exp"] = new("logSums", "source", m => RowReductions.LogSumExp(X(m), m.AsSpan(19, Rows))),
        ["row sums"] = new("sums", "source", m => RowReductions.Sum(X(m), m.AsSpan(3, Rows))),
        ["row means"] = new("means", "source", m => RowReductions.MeanAndVariance(X(m), m.AsSpan(3, Rows), m.AsSpan(40, Rows))),
        ["row variances"] = new("variances", "source", m => RowReductions.MeanAndVariance(X(m), m.AsSpan(40, Rows), m.AsSpan(3, Rows))),
        ["row moments"] = new("variances", "means", m => RowReductions.MeanAndVariance(X(m), m.AsSpan(40, Rows), m.AsSpan(43, Rows))),
        ["row max"] = new("greatest", "source", m => RowReductions.Max(X(m), m.AsSpan(0, Rows))),
        ["column sums"] = new("destination", "source", m => ColumnReductions.Sum(X(m), 1, 0, m.AsSpan(19, Columns))),
        ["column squares"] = new("destination", "source", m => ColumnReductions.SumOfSquares(X(m), 1, 1, m.AsSpan(0, Columns))),
        ["column dots, x"] = new("destination", "x", m => ColumnReductions.Dot(X(m), At(m, 40), 1, 0, m.AsSpan(5, Columns))),
        ["column dots, y"] = new("destination", "y", m => ColumnReductions.Dot(X(m), At(m, 40), 1, 0, m.AsSpan(59, Columns))),
        ["column means"] = new("means", "source", m => ColumnReductions.MeanAndVariance(X(m), m.AsSpan(5, Columns), m.AsSpan(40, Columns))),
        ["column variances"] = new(
            "variances", "source", m => ColumnReductions.MeanAndVariance(X(m), m.AsSpan(40, Columns), m.AsSpan(5, Columns))),
        ["column moments"] = new(
            "variances", "means", m => ColumnReductions.MeanAndVariance(X(m), m.AsSpan(40, Columns), m.AsSpan(40, Columns))),
        ["column max"] = new("greatest", "source", m => ColumnReductions.Max(X(m), m.AsSpan(7, Columns))),
        ["transpose"] = new(
            "destination", "source", m => Transposition.Transpose(X(m), new MatrixView<float>(m.AsSpan(19), Columns, Rows))),
        ["add a row"] = new("destination", "row", m => RowArithmetic.Add(m.AsSpan(10, Columns), X(m))),
        ["scale and shift, a row on"] = new(
            "destination", "source", m => RowArithmetic.ScaleAndShift(X(m), m.AsSpan(50, Columns), m.AsSpan(60, Columns), At(m, Columns))),
        ["scale"] = new("destination", "scale", m => RowArithmetic.ScaleAndShift(X(m), m.AsSpan(3, Columns), m.AsSpan(60, Columns), X(m))),
        ["shift"] = new("destination", "shift", m => RowArithmetic.ScaleAndShift(X(m), m.AsSpan(60, Columns), m.AsSpan(19, Columns), X(m))),
        ["standardize, a row on"] = new(
            "destination", "source", m => RowArithmetic.Standardize(X(m), m.AsSpan(50, Columns), m.AsSpan(60, Columns), At(m, Columns))),
        ["mean"] = new("destination", "mean", m => RowArithmetic.Standardize(X(m), m.AsSpan(3, Columns), m.AsSpan(60, Columns), X(m))),
        ["factor"] = new("destination", "factor", m => RowArithmetic.Standardize(X(m), m.AsSpan(60, Columns), m.AsSpan(19, Columns), X(m))),
        ["rows of bytes"] = new(
            "destination", "source", m => ByteConversion.ConvertRows(Bytes(m, 5, 40), 10, [3, 0, 1, 2], 1f, 0f, X(m))),
        ["rows of bytes, indices"] = new(
            "destination", "rows", m => ByteConversion.ConvertRows(new byte[40], 10, Whole(m, 16, Rows), 1f, 0f, X(m))),
        ["rows of bytes, scale"] = new(
            "destination", "scale",
            m => ByteConversion.ConvertRows(new byte[40], 10, [3, 0, 1, 2], m.AsSpan(4, Columns), m.AsSpan(60, Columns), X(m))),
        ["rows of bytes, offset"] = new(
            "destination", "offset",
            m => ByteConversion.ConvertRows(new byte[40], 10, [3, 0, 1, 2], m.AsSpan(60, Columns), m.AsSpan(4, Columns), X(m))),
        ["bytes"] = new("destination", "source", m => ByteConversion.Convert(Bytes(m, 4, 10), 1f, 0f, m.AsSpan(0, 10))),
        ["bytes, scale"] = new(
            "destination", "scale", m => ByteConversion.Convert(new byte[10], m.AsSpan(9, 10), m.AsSpan(40, 10), m.AsSpan(0, 10))),
        ["bytes, offset"] = new(
            "destination", "offset", m => ByteConversion.Convert(new byte[10], m.AsSpan(40, 10), m.AsSpan(0, 10), m.AsSpan(0, 10))),
        ["product of bytes"] = new("result", "A's bytes", m => Multiply(new(Bytes(m, 5, 40), [30, 0, 10, 20], Ones, Ones), m)),
        ["product of bytes, starts"] = new("result", "A's starts", m => Multiply(new(new byte[40], Whole(m, 16, Rows), Ones, Ones), m)),
        ["product of bytes, scale"] = new(
            "result", "A's scale", m => Multiply(new(new byte[40], [30, 0, 10, 20], m.AsSpan(4, 3), Ones), m)),
        ["product of bytes, offset"] = new(
            "result", "A's offset", m => Multiply(new(new byte[40], [30, 0, 10, 20], Ones, m.AsSpan(4, 3)), m)),
    };

    private static float[] Ones { get; } = [1, 1, 1];

    [Theory]
    [MemberData(nameof(Names))]
    public void ReductionKernels_with_shared_memory_are_refused_and_write_nothing(string name)
    {
        (string written, string read, Action<float[]> run) = Cases[name];
        float[] memory = KernelRuns.Numbers<float>(100, 1), before;

        // Whole numbers, whose bits are those of small integers where they are read as indices.
        Whole(memory, 16, Rows).Clear();
        before = [.. memory];
        string message = Assert.ThrowsAny<ArgumentException>(() => run(memory)).Message;
        Assert.Contains(written, message);
        Assert.Contains(read, message);
        Assert.Contains("share memory", message);
        Assert.Equal(before, memory);
    }

    [Fact]
    public void ArgMax_positions_within_the_matrix_are_refused()
    {
        float[] memory = KernelRuns.Numbers<float>(100, 1), before = [.. memory];
        Assert.Contains(
            "positions", Assert.Throws<ArgumentException>(() => RowReductions.ArgMax<float>(X(memory), Whole(memory, 4, Rows))).Message);
        Assert.Contains(
            "positions",
            Assert.Throws<ArgumentException>(() => ColumnReductions.ArgMax<float>(X(memory), Whole(memory, 15, Columns))).Message);
        Assert.Equal(before, memory);
    }

    [Fact]
    public void ReductionKernels_in_place_or_side_by_side_are_allowed()
    {
        // Two windows of one matrix of twelve columns: what is written between the rows of what is read is not shared.
        float[] memory = KernelRuns.Numbers<float>(12 * Rows, 1), apart = new float[Rows * Columns], half = [0.5f, 0.5f, 0.5f, 0.5f, 0.5f];
        MatrixView<float> left = new(memory, Rows, Columns, 12), right = new(memory.AsSpan(6), Rows, Columns, 12),
        other = new(apart, Rows, Columns);
        RowReductions.Softmax(left, other, default);
        RowReductions.Softmax(left, right, default);
        RowReductions.Softmax(left, left, default);
        AssertSame(other, right);
        AssertSame(other, left);
        RowArithmetic.ScaleAndShift(left, half, half, other);
        RowArithmetic.ScaleAndShift<float>(left, half, half, right);
        RowArithmetic.ScaleAndShift<float>(left, half, half, left);
        AssertSame(other, right);
        AssertSame(other, left);
        RowArithmetic.Standardize<float>(left, half, half, left);
        ColumnReductions.Sum<float>(left, 1, 0, memory.AsSpan((12 * (Rows - 1)) + Columns, Columns));
    }

    private static void AssertSame(MatrixView<float> expected, MatrixView<float> found)
    {
        for (int i = 0; i < expected.Rows; i++)
            Assert.Equal(expected.Row(i), found.Row(i));
    }

    private static MatrixView<float> X(float[] memory) => At(memory, 0);

    private static MatrixView<float> At(float[] memory, int start) => new(memory.AsSpan(start), Rows, Columns);

    private static Span<byte> Bytes(float[] memory, int start, int count) =>
        MemoryMarshal.AsBytes(memory.AsSpan()).Slice(start, count);

    private static Span<int> Whole(float[] memory, int start, int count) =>
        MemoryMarshal.Cast<float, int>(memory.AsSpan(start, count));

    private static void Multiply(in ByteRows<float> a, float[] memory) =>
        MatrixProduct.Multiply(a, new Matrix<float>(3, Columns), default, WorkerPool.Single, X(memory));

    private sealed record Case(string Written, string Read, Action<float[]> Run);
}
