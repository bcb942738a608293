using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm.Bytes;

/// <summary>A product of bytes has the bits of the product of the numbers they stand for.</summary>
[Collection(Alone.Name)]
public sealed class ByteProductTests : IDisposable
{
    private readonly WorkerPool[] _pools = [WorkerPool.Single, new(2), new(3), new(4)];

    public void Dispose() => Array.ForEach(_pools, pool => pool.Dispose());

    [Property(MaxTest = 60)]
    public void ByteProduct_of_random_shapes_equals_the_product_of_numbers_bit_for_bit(byte batch, ushort features, byte units, int seed)
    {
        Check<float>(batch, features % 700, units, seed);
        Check<double>(batch, features % 300, units, seed);
    }

    [Theory]
    [InlineData(0, 5, 3)]
    [InlineData(5, 0, 3)]
    [InlineData(5, 3, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 300, 50)]
    [InlineData(7, 64, 18)]
    [InlineData(13, 1100, 50)]
    [InlineData(100, 3072, 50)]
    [InlineData(100, 2051, 10)]
    [InlineData(700, 65, 34)]
    [InlineData(33, 500, 200)]
    public void ByteProduct_of_network_shapes_equals_the_product_of_numbers_bit_for_bit(int batch, int features, int units)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            Check<float>(batch, features, units, seed);
            Check<double>(batch, features, units, seed);
        }
    }

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    [InlineData(1)]
    public void ByteProduct_at_every_vector_width_equals_the_product_of_numbers_bit_for_bit(int width) => Widths.At(width, () =>
    {
        foreach ((int batch, int features, int units) in new[] { (9, 130, 50), (50, 67, 7), (3, 5, 20), (21, 321, 34) })
        {
            Check<float>(batch, features, units, width);
            Check<double>(batch, features, units, width);
        }
    });

    [Fact]
    public void ByteProduct_bad_input_is_refused_before_anything_is_written()
    {
        var bytes = new byte[100];
        float[] ten = new float[10];
        Assert.Contains("found 9", Assert.Throws<ArgumentException>(() => Rows(bytes, [0], ten, new float[9])).Message);
        Assert.Contains(
            "at 0 to 90 of 100 bytes; found 91", Assert.Throws<ArgumentException>(() => Rows(bytes, [90, 91], ten, ten)).Message);
        Assert.Contains("found -1", Assert.Throws<ArgumentException>(() => Rows(bytes, [-1], ten, ten)).Message);
        Assert.Contains("at 0 to -1 of 9 bytes; found 0", Assert.Throws<ArgumentException>(() => Rows(new byte[9], [0], ten, ten)).Message);

        var result = new Matrix<float>(2, 3);
        result.View.Fill(7);
        Assert.Throws<ArgumentException>(() => Multiply(new Matrix<float>(9, 3), default, result));
        Assert.Throws<ArgumentException>(() => Multiply(new Matrix<float>(10, 4), default, result));
        Assert.Throws<ArgumentException>(() => Multiply(new Matrix<float>(10, 3), new float[2], result));
        var whole = new Matrix<float>(12, 3);
        whole.View.Fill(7);
        Assert.Throws<ArgumentException>(() => Multiply(whole.SliceRows(0, 10), default, whole.SliceRows(9, 2)));
        Assert.All(result.AsSpan().ToArray().Concat(whole.AsSpan().ToArray()), element => Assert.Equal(7, element));

        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteRows<float>(bytes, [10, 20], ten, ten).Slice(1, 0, 2, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteRows<float>(bytes, [10, 20], ten, ten).Slice(0, 5, 2, 6));

        static void Rows(byte[] source, int[] starts, float[] scale, float[] offset) =>
            _ = new ByteRows<float>(source, starts, scale, offset);

        void Multiply(ReadOnlyMatrixView<float> b, float[]? bias, MatrixView<float> c) => MatrixProduct.Multiply(
            new ByteRows<float>(bytes, [40, 20], ten, ten), b, new ProductOptions<float> { Bias = bias }, WorkerPool.Single, c);
    }

    private void Check<T>(int batch, int features, int units, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        int stride = Math.Max(1, features + (random.Next(4) == 0 ? 0 : random.Next(1, 70))), there = random.Next(1, 40),
        first = random.Next(3);
        var bytes = new byte[first + (stride * there)];
        random.NextBytes(bytes);
        int[] indices = [.. Enumerable.Range(0, batch).Select(_ => random.Next(there))];
        T[] scale = Numbers<T>(features, random), offset = Numbers<T>(features, random);
        var rows = new ByteRows<T>(bytes.AsSpan(first), [.. indices.Select(index => index * stride)], scale, offset);
        var numbers = new Matrix<T>(batch, features);
        ByteConversion.ConvertRows<T>(bytes.AsSpan(first), stride, indices, scale, offset, numbers.View);
        for (int kind = 0; kind < 4; kind++)
        {
            bool transposeA = kind > 1, transposeB = random.Next(2) == 0;
            (int m, int k) = transposeA ? (features, batch) : (batch, features);
            var b = new Matrix<T>(transposeB ? units : k, transposeB ? k : units);
            Numbers<T>(b.Count, random).CopyTo(b.AsSpan());
            bool biased = random.Next(2) == 0;
            var options = new ProductOptions<T>
            {
                TransposeA = transposeA,
                TransposeB = transposeB,
                Alpha = random.Next(2) == 0 ? T.One : T.CreateTruncating(-0.3),
                Beta = biased || kind % 2 == 0 ? T.Zero : random.Next(2) == 0 ? T.One : T.CreateTruncating(0.7),
                Bias = biased ? Numbers<T>(units, random) : default,
                Relu = random.Next(2) == 0,
            };
            Matrix<T> before = new(m + 2, units + 3), expected = new(m + 2, units + 3);
            Numbers<T>(before.Count, random).CopyTo(before.AsSpan());
            if (T.IsZero(options.Beta))
                before.View.Slice(1, 1, m, units).Fill(T.NaN); // must never be read
            before.AsSpan().CopyTo(expected.AsSpan());
            MatrixProduct.Multiply(numbers, b, options, WorkerPool.Single, expected.View.Slice(1, 1, m, units));
            foreach (WorkerPool pool in _pools)
            {
                Matrix<T> found = Matrix<T>.CopyOf(before.View);
                MatrixProduct.Multiply(rows, b, options, pool, found.View.Slice(1, 1, m, units));
                Bits.AssertSame<T>(
                    expected.AsSpan(), found.AsSpan(),
                    $"{typeof(T).Name} [{batch}, {features}] bytes, {units} units, transposed {transposeA} {transposeB}, {pool.Threads} "
                    + "threads");
            }
            if (m == 0 || units == 0)
                continue;
            foreach (KernelSet<T> set in KernelSet<T>.CreateAll())
            {
                foreach (WorkerPool pool in _pools)
                {
                    Matrix<T> found = Matrix<T>.CopyOf(before.View);
                    ByteProductHook.Run(rows, b, options, set, pool, found.View.Slice(1, 1, m, units));
                    Bits.AssertSame<T>(
                        expected.AsSpan(), found.AsSpan(),
                        $"{typeof(T).Name} [{batch}, {features}] bytes, {units} units, transposed {transposeA} {transposeB}, "
                        + $"kernels {set.Name}, {pool.Threads} threads");
                }
            }
        }
    }

    // Ordinary numbers, and in one case of eight some that are not.
    private static T[] Numbers<T>(int count, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Numbers<T>(
            count, random, random.Next(8) == 0
                ? [T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.NegativeZero, T.Epsilon, -T.Epsilon]
                : []);

    private static T[] Numbers<T>(int count, Random random, T[] special)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [
            .. Enumerable.Range(0, count).Select(_ => special.Length > 0 && random.Next(40) == 0
                ? special[random.Next(special.Length)]
                : T.CreateTruncating((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-6, 3)))),
        ];
}
