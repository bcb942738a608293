using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Tensors;
using DeepLearn.Tests.Kernels.Gemm.Bytes;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm;

/// <summary>
/// A product touches nothing beside its operands, where a last vector or block might: each operand stands before a page that must not be
/// read, or behind one. In a process of its own, which a read beside them ends.
/// </summary>
public class GuardedProductTests
{
    private static readonly WorkerPool Pool = new(3);

    [Fact]
    public void MatrixProduct_touches_no_memory_beside_its_operands()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Pages are protected by Linux's own calls.");
        Assert.Equal("right", ChildProbe.Run("guarded products"));
    }

    /// <summary>Products by every set of kernels; the process ends where one touches what it must not.</summary>
    internal static string Run()
    {
        int seed = 0;
        for (int size = 1; size <= 36; size++)
        {
            int few = 1 + (size % 7);
            (int, int, int)[] products = [(5, size, 9), (size, 3, 8), (1, size, few), (size, 1, few), (18, 2 * size, size)];
            foreach ((int m, int n, int k) in products)
            {
                Both(seed, m, n, k, atEnd: true);
                Both(seed++, m, n, k, atEnd: false);
            }
        }
        foreach ((int m, int n, int k) in ((int, int, int)[])[(70, 50, 600), (300, 10, 70), (110, 220, 700), (400, 33, 90), (3, 400, 60)])
        {
            for (int i = 0; i < 4; i++)
                Both(seed++, m, n, k, atEnd: i > 0);
        }
        return "right";
    }

    private static void Both(int seed, int m, int n, int k, bool atEnd)
    {
        Check(new ProductCase<float>(seed, m, n, k), atEnd);
        Check(new ProductCase<double>(seed, m, n, k), atEnd);
        Bytes<float>(seed, m, n, k, atEnd);
        Bytes<double>(seed, m, n, k, atEnd);
    }

    private static unsafe void Check<T>(ProductCase<T> product, bool atEnd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var memory = new GuardedMemory();
        ReadOnlyMatrixView<T> a = Guarded(memory, product.A, atEnd), b = Guarded(memory, product.B, atEnd);
        ProductOptions<T> options = With(product.Options, memory.Copy(product.Options.Bias, atEnd));
        foreach (KernelSet<T> set in KernelSet<T>.CreateAll())
        {
            Matrix<T> result = product.NewResult();
            MatrixView<T> inner = product.Inner(result), c = Guarded<T>(memory, inner, atEnd);
            fixed (T* pa = &a.Origin, pb = &b.Origin, pc = &c.Origin, bias = options.Bias)
            {
                MatrixProduct.Run(
                    pa, a.Stride, pb, b.Stride, null, pc, c.Stride, c.Rows, product.Depth, c.Columns, options, bias, set, Pool);
            }
            ((ReadOnlyMatrixView<T>)c).CopyTo(inner);
            Require(product.IsRight(result), $"{product}, kernels {set.Name}");

            var packed = new PackedMatrix<T>(product.Depth, product.Columns, set);
            packed.Pack(b, options.TransposeB, options.Alpha);
            result = product.NewResult();
            inner = product.Inner(result);
            c = Guarded<T>(memory, inner, atEnd);
            var rest = new ProductOptions<T>
            { TransposeA = options.TransposeA, Beta = options.Beta, Bias = options.Bias, Relu = options.Relu };
            MatrixProduct.Multiply(a, packed, rest, Pool, c);
            ((ReadOnlyMatrixView<T>)c).CopyTo(inner);
            Require(product.IsRight(result), $"{product}, packed, kernels {set.Name}");
        }
    }

    // A is [m, k] bytes, read as it is or as its transpose.
    private static void Bytes<T>(int seed, int m, int n, int k, bool atEnd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var memory = new GuardedMemory();
        var random = new Random(seed);
        int stride = k + random.Next(3), there = 1 + random.Next(m);
        Span<byte> source = memory.Take<byte>(((there - 1) * stride) + k, atEnd);
        random.NextBytes(source);
        Span<int> indices = memory.Take<int>(m, atEnd);
        foreach (ref int index in indices)
            index = random.Next(there);
        Span<T> scale = memory.Take<T>(k, atEnd), offset = memory.Take<T>(k, atEnd);
        scale.Fill(T.CreateTruncating(0.25));
        offset.Fill(T.CreateTruncating(-3));
        var numbers = new Matrix<T>(m, k);
        ByteConversion.ConvertRows<T>(source, stride, indices, scale, offset, numbers.View);
        foreach (ref int start in indices)
            start *= stride;
        var rows = new ByteRows<T>(source, indices, scale, offset);
        bool transpose = random.Next(2) == 0;
        var b = new Matrix<T>(transpose ? m : k, n);
        foreach (ref T element in b.AsSpan())
            element = T.CreateTruncating(random.NextDouble() - 0.5);
        ReadOnlyMatrixView<T> guarded = Guarded<T>(memory, b, atEnd);
        var options = new ProductOptions<T> { TransposeA = transpose };
        var expected = new Matrix<T>(transpose ? k : m, n);
        MatrixProduct.Multiply<T>(numbers, b, options, WorkerPool.Single, expected);
        foreach (KernelSet<T> set in KernelSet<T>.CreateAll())
        {
            MatrixView<T> c = Guarded<T>(memory, expected, atEnd);
            c.Fill(T.NaN);
            ByteProductHook.Run(rows, guarded, options, set, Pool, c);
            Bits.AssertSame<T>(expected.AsSpan(), c.AsSpan(), $"bytes [{m}, {k}], {n} columns, transposed {transpose}, kernels {set.Name}");
        }
    }

    private static MatrixView<T> Guarded<T>(GuardedMemory memory, ReadOnlyMatrixView<T> matrix, bool atEnd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = matrix.IsEmpty ? 0 : ((matrix.Rows - 1) * matrix.Stride) + matrix.Columns;
        var copy = new MatrixView<T>(memory.Take<T>(count, atEnd), matrix.Rows, matrix.Columns, matrix.Stride);
        matrix.CopyTo(copy);
        return copy;
    }

    private static ProductOptions<T> With<T>(ProductOptions<T> options, ReadOnlySpan<T> bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            TransposeA = options.TransposeA,
            TransposeB = options.TransposeB,
            Alpha = options.Alpha,
            Beta = options.Beta,
            Relu = options.Relu,
            Bias = bias,
        };

    private static void Require(bool isRight, string what)
    {
        if (!isRight)
            throw new InvalidOperationException(what);
    }
}
