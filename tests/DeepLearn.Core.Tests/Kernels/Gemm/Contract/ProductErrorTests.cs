using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm.Contract;

/// <summary>Bad input is named before anything is written.</summary>
public class ProductErrorTests
{
    [Theory]
    [InlineData(2, 3, 4, 5, 2, 5, "found k of 3 and 4")]
    [InlineData(2, 3, 3, 5, 5, 2, "a result of [5, 2]")]
    [InlineData(2, 3, 3, 5, 2, 4, "gives [2, 5]")]
    public void MatrixProduct_shapes_that_do_not_fit_are_refused(
        int aRows, int aColumns, int bRows, int bColumns, int cRows, int cColumns, string message)
    {
        Matrix<float> a = Filled(aRows, aColumns), b = Filled(bRows, bColumns), c = Filled(cRows, cColumns);
        var failure = Assert.Throws<ArgumentException>(
            () => MatrixProduct.Multiply<float>(a, b, new ProductOptions<float>(), WorkerPool.Single, c));
        Assert.Contains(message, failure.Message);
        Assert.All(c.AsSpan().ToArray(), element => Assert.Equal(7, element));
    }

    [Fact]
    public void MatrixProduct_compares_shapes_after_transposition()
    {
        Matrix<float> a = new(3, 2), b = new(5, 3), c = new(2, 5);
        MatrixProduct.Multiply<float>(
            a, b, new ProductOptions<float> { TransposeA = true, TransposeB = true }, WorkerPool.Single, c);
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<float>(
            a, b, new ProductOptions<float> { TransposeA = true }, WorkerPool.Single, c));
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(6, 0)]
    [InlineData(5, 1)]
    public void MatrixProduct_bias_of_wrong_length_or_with_beta_is_refused(int length, double beta)
    {
        Matrix<double> a = new(2, 3), b = new(3, 5), c = new(2, 5);
        c.View.Fill(7);
        var failure = Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<double>(
            a, b, new ProductOptions<double> { Bias = new double[length], Beta = beta }, WorkerPool.Single, c));
        Assert.Contains($"found {length} numbers and a beta of {beta}", failure.Message);
        Assert.All(c.AsSpan().ToArray(), element => Assert.Equal(7, element));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, true)]
    [InlineData(4, false)] // beside A on the same rows
    [InlineData(8, true)] // runs on to the next row, where A starts again
    [InlineData(11, true)]
    [InlineData(60, false)] // below A
    public void MatrixProduct_result_that_overlaps_an_operand_is_refused(int offset, bool overlaps)
    {
        // A is the first 4 of 12 columns of 5 rows, and the result 5 columns of one matrix.
        float[] memory = [.. Enumerable.Range(1, 200)], before = [.. memory];
        Matrix<float> b = Filled(4, 5);
        void Multiply() => MatrixProduct.Multiply(
            new ReadOnlyMatrixView<float>(memory, 5, 4, 12), b, new ProductOptions<float>(), WorkerPool.Single,
            new MatrixView<float>(memory.AsSpan(offset), 5, 5, 12));
        if (overlaps)
        {
            Assert.Contains("shares memory with A", Assert.Throws<ArgumentException>(Multiply).Message);
            Assert.Equal(before, memory);
        }
        else
        {
            Multiply();
            Assert.NotEqual(before, memory);
        }
    }

    [Fact]
    public void MatrixProduct_result_that_overlaps_bias_or_B_is_refused()
    {
        float[] memory = [.. Enumerable.Range(1, 200)], before = [.. memory];
        Matrix<float> a = Filled(5, 4);
        Assert.Contains("the bias", Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(
            a, new Matrix<float>(4, 5), new ProductOptions<float> { Bias = memory.AsSpan(20, 5) }, WorkerPool.Single,
            new MatrixView<float>(memory, 5, 5))).Message);
        Assert.Contains("shares memory with B", Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(
            a, new ReadOnlyMatrixView<float>(memory.AsSpan(24), 4, 5, 9), new ProductOptions<float>(), WorkerPool.Single,
            new MatrixView<float>(memory, 5, 5))).Message);
        Assert.Equal(before, memory);
        MatrixProduct.Multiply(
            a, new ReadOnlyMatrixView<float>(memory.AsSpan(25), 4, 5, 9),
            new ProductOptions<float> { Bias = memory.AsSpan(150, 5) }, WorkerPool.Single, new MatrixView<float>(memory, 5, 5));
    }

    [Fact]
    public void MatrixProduct_packed_result_that_overlaps_an_operand_is_refused()
    {
        float[] memory = [.. Enumerable.Range(1, 200)], before = [.. memory];
        var packed = new PackedMatrix<float>(4, 5);
        packed.Pack(Filled(4, 5));
        var three = new PackedMatrix<float>(3, 5);
        three.Pack(Filled(3, 5));
        Assert.Contains("shares memory with A", Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(
            new ReadOnlyMatrixView<float>(memory, 5, 4, 12), packed, new ProductOptions<float>(), WorkerPool.Single,
            new MatrixView<float>(memory.AsSpan(3), 5, 5, 12))).Message);
        Assert.Contains("the bias", Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(
            Filled(5, 4), packed, new ProductOptions<float> { Bias = memory.AsSpan(24, 5) }, WorkerPool.Single,
            new MatrixView<float>(memory, 5, 5))).Message);
        Assert.Contains("found k of 4 and 3", Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(
            Filled(5, 4), three, new ProductOptions<float>(), WorkerPool.Single,
            new MatrixView<float>(memory, 5, 5))).Message);
        Assert.Equal(before, memory);
    }

    [Property(MaxTest = 3000)]
    public void MatrixProduct_result_is_refused_exactly_where_it_shares_an_element(int seed)
    {
        // Windows of one array: a result, and an operand of a fitting shape, often with the same stride.
        var random = new Random(seed);
        int kind = random.Next(5), m = random.Next(1, 6), k = random.Next(1, 6), n = random.Next(1, 6);
        bool isBias = kind == 2, isB = kind is 1 or 4;
        int rows = isBias ? 1 : isB ? k : m, columns = isBias || isB ? n : k;
        int gap = random.Next(2) == 0 ? 8 : 25, stride = n + random.Next(gap);
        int operandStride = random.Next(3) > 0 && stride >= columns ? stride : columns + random.Next(gap);
        float[] memory = [.. Enumerable.Range(1, 300)], before = [.. memory];
        int resultAt = random.Next(100), operandAt = Math.Max(0, resultAt + random.Next(-50, 50));
        HashSet<int> result = Elements(resultAt, m, n, stride), operand = Elements(operandAt, rows, columns, operandStride);
        Matrix<float> a = Filled(m, k), b = Filled(k, n);
        var packed = new PackedMatrix<float>(k, n);
        packed.Pack(b);
        Exception? failure = Record.Exception(() =>
        {
            var c = new MatrixView<float>(memory.AsSpan(resultAt), m, n, stride);
            var x = new ReadOnlyMatrixView<float>(memory.AsSpan(operandAt), rows, columns, operandStride);
            var options = new ProductOptions<float> { Bias = isBias ? x.Row(0) : default };
            if (kind == 3)
                MatrixProduct.Multiply(x, packed, options, WorkerPool.Single, c);
            else if (kind == 4)
            {
                MatrixProduct.Multiply(
                    new ByteRows<float>(new byte[k], new int[m], new float[k], new float[k]), x, options, WorkerPool.Single, c);
            }
            else
                MatrixProduct.Multiply(kind == 0 ? x : a, kind == 1 ? x : b, options, WorkerPool.Single, c);
        });
        bool shares = result.Overlaps(operand);
        string where = $"[{m}, {n}] at {resultAt} by {stride}, operand {kind}, [{rows}, {columns}] at {operandAt} by {operandStride}";
        Assert.True(shares ? failure is ArgumentException : failure is null, $"{where}: {failure}");
        for (int i = 0; i < memory.Length; i++)
            Assert.True(memory[i] == before[i] || (failure is null && result.Contains(i)), $"{where}: element {i} was written");
    }

    [Fact]
    public void MatrixProduct_with_an_empty_or_transposed_packed_matrix_is_refused()
    {
        Matrix<float> a = new(2, 3), c = Filled(2, 5);
        var packed = new PackedMatrix<float>(3, 5);
        Assert.Throws<InvalidOperationException>(
            () => MatrixProduct.Multiply<float>(a, packed, new ProductOptions<float>(), WorkerPool.Single, c));
        Assert.Throws<ArgumentException>(() => packed.Pack(new Matrix<float>(5, 3)));
        packed.Pack(new Matrix<float>(5, 3), transpose: true);
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<float>(
            a, packed, new ProductOptions<float> { TransposeB = true }, WorkerPool.Single, c));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<float>(
            a, packed, new ProductOptions<float> { Alpha = 2 }, WorkerPool.Single, c));
        Assert.All(c.AsSpan().ToArray(), element => Assert.Equal(7, element));
        Assert.Throws<ArgumentException>(() => new PackedMatrix<float>(-1, 5));
        Assert.Contains("2000000000", Assert.Throws<ArgumentException>(() => new PackedMatrix<float>(2_000_000_000, 5)).Message);
    }

    [Fact]
    public void MatrixProduct_of_a_type_without_kernels_is_refused()
    {
        Assert.Contains("Half", Assert.Throws<NotSupportedException>(() => new PackedMatrix<Half>(2, 3)).Message);
        Assert.Contains("Half", Assert.Throws<NotSupportedException>(() => MatrixProduct.Multiply(
            new ReadOnlyMatrixView<Half>(new Half[4], 2, 2), new ReadOnlyMatrixView<Half>(new Half[4], 2, 2), new ProductOptions<Half>(),
            WorkerPool.Single, new MatrixView<Half>(new Half[4], 2, 2))).Message);
    }

    [Fact]
    public void MatrixProduct_without_workers_or_packed_matrix_is_refused()
    {
        Matrix<float> a = new(2, 2);
        Assert.Throws<ArgumentNullException>(() => MatrixProduct.Multiply<float>(a, a, new ProductOptions<float>(), null!, a));
        Assert.Throws<ArgumentNullException>(
            () => MatrixProduct.Multiply<float>(a, (PackedMatrix<float>)null!, new ProductOptions<float>(), WorkerPool.Single, a));
    }

    private static HashSet<int> Elements(int first, int rows, int columns, int stride) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => first + (i / columns * stride) + (i % columns))];

    private static Matrix<float> Filled(int rows, int columns)
    {
        var matrix = new Matrix<float>(rows, columns);
        matrix.View.Fill(7);
        return matrix;
    }
}
