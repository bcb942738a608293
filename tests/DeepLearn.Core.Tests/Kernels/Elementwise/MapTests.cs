using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Elementwise;

[Collection(Alone.Name)]
public class MapTests
{
    [Fact]
    public void Map_of_any_length_reads_and_writes_nothing_beyond_its_spans()
    {
        foreach (int width in Widths.All)
        {
            for (int length = 0; length <= 140; length++)
            {
                int count = length;
                Widths.At(width, () => CheckEdges<float>(count));
                Widths.At(width, () => CheckEdges<double>(count));
            }
        }
    }

    [Fact]
    public void Map_of_a_function_that_says_it_is_long_equals_the_function_of_single_numbers()
    {
        foreach (int width in Widths.All)
        {
            for (int length = 0; length <= 140; length++)
            {
                int count = length;
                Widths.At(width, () => CheckLong<float>(count));
                Widths.At(width, () => CheckLong<double>(count));
            }
        }
    }

    [Property(MaxTest = 100)]
    public void Map_result_of_an_element_does_not_depend_on_its_place(ushort length, ushort cut)
    {
        int n = (length % 600) + 1, first = cut % n;
        float[] x = KernelRuns.Numbers<float>(n, cut), y = KernelRuns.Numbers<float>(n, cut + 1);
        float[] whole = new float[n], parts = new float[n];
        Activations.GeluBackward<float>(x, y, whole);
        Activations.GeluBackward<float>(x.AsSpan(0, first), y.AsSpan(0, first), parts.AsSpan(0, first));
        Activations.GeluBackward<float>(x.AsSpan(first), y.AsSpan(first), parts.AsSpan(first));
        Bits.AssertSame<float>(whole, parts, "in two parts");
    }

    [Fact]
    public void Map_of_two_arguments_may_write_over_either()
    {
        for (int length = 0; length < 100; length++)
        {
            double[] x = KernelRuns.Numbers<double>(length, 1), y = KernelRuns.Numbers<double>(length, 2), apart = new double[length];
            Map.Apply(default(Twice), x, y, apart);
            double[] first = [.. x], second = [.. y];
            Map.Apply(default(Twice), first, y, first);
            Map.Apply(default(Twice), x, second, second);
            Bits.AssertSame<double>(apart, first, "over the first");
            Bits.AssertSame<double>(apart, second, "over the second");
        }
    }

    [Fact]
    public void Map_of_long_functions_may_write_over_its_arguments()
    {
        foreach (int width in Widths.All)
        {
            for (int length = 0; length <= 140; length++)
            {
                int count = length;
                Widths.At(width, () => CheckInPlace<float>(count));
                Widths.At(width, () => CheckInPlace<double>(count));
            }
        }
    }

    private static void CheckInPlace<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = KernelRuns.Numbers<T>(length, 1), y = KernelRuns.Numbers<T>(length, 2), apart = new T[length], place = [.. x];
        Transcendentals.Exp<T>(x, apart);
        Transcendentals.Exp<T>(place, place);
        Bits.AssertSame<T>(apart, place, $"two vectors at a time, {length}");
        place = [.. x];
        Activations.Gelu<T>(x, apart);
        Activations.Gelu<T>(place, place);
        Bits.AssertSame<T>(apart, place, $"one argument, {length}");
        place = [.. x];
        Activations.GeluBackward<T>(x, y, apart);
        Activations.GeluBackward<T>(place, y, place);
        Bits.AssertSame<T>(apart, place, $"over the first of two, {length}");
        place = [.. y];
        Activations.GeluBackward<T>(x, place, place);
        Bits.AssertSame<T>(apart, place, $"over the second of two, {length}");
    }

    [Fact]
    public void Map_result_beyond_the_caches_is_whole_and_nothing_beyond_is_written()
    {
        // From 8 MiB on results go past the caches; from every place within a cache line, and over one of the arguments as well.
        const int Length = (2 << 20) + 77, Margin = 40;
        float[] x = new float[Length + (2 * Margin)], y = new float[x.Length], z = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
            (x[i], y[i]) = (i, i % 1000);
        foreach (int width in Widths.All)
        {
            foreach (int shift in (int[])[0, 1, 7, 15])
            {
                Array.Fill(z, -1);
                Widths.At(width, () => Arithmetic.Add<float>(x.AsSpan(3, Length), y.AsSpan(5, Length), z.AsSpan(shift, Length)));
                int wrong = Enumerable.Range(0, Length).FirstOrDefault(i => z[shift + i] != x[3 + i] + y[5 + i], -1);
                Assert.True(wrong < 0, $"element {wrong} at {width} bits from {shift}");
                Assert.All(z.AsSpan(0, shift).ToArray(), value => Assert.Equal(-1, value));
                Assert.All(z.AsSpan(shift + Length).ToArray(), value => Assert.Equal(-1, value));
            }
            x.CopyTo(z, 0);
            Widths.At(width, () => Arithmetic.Add<float>(z, y, z));
            Assert.True(Enumerable.Range(0, z.Length).All(i => z[i] == x[i] + y[i]), $"in place at {width} bits");
        }
    }

    [Fact]
    public void Map_wrong_spans_are_refused_before_anything_is_written()
    {
        float[] x = [1, 2, 3, 4], y = [5, 6, 7];
        Assert.Contains("4 and 3", Assert.Throws<ArgumentException>(() => Arithmetic.Negate<float>(x, y)).Message);
        Assert.Throws<ArgumentException>(() => Arithmetic.Add<float>(x, y, x));
        Assert.Throws<ArgumentException>(() => Arithmetic.Add<float>(x.AsSpan(0, 3), y, x.AsSpan(1, 3)));
        Assert.Throws<ArgumentException>(() => Arithmetic.Negate<float>(x.AsSpan(1, 3), x.AsSpan(0, 3)));
        Assert.Throws<ArgumentException>(() => OptimizerUpdates.Sgd<float>(x, 1, UpdateTerms<float>.None, x));
        Assert.Throws<ArgumentException>(
            () => OptimizerUpdates.Momentum<float>(y, 1, 1, UpdateTerms<float>.None, x.AsSpan(0, 3), x.AsSpan(1, 3)));
        Assert.Throws<ArgumentException>(() => OptimizerUpdates.Sgd<float>(y, 1, default, x.AsSpan(0, 3)));
        Assert.Throws<ArgumentException>(() => ByteConversion.Convert<float>(new byte[3], x, x, y));
        Assert.Equal([1, 2, 3, 4], x);
        Assert.Equal([5, 6, 7], y);
    }

    [Fact]
    public void Arithmetic_of_types_other_than_float_and_double_is_refused() =>
        Assert.Throws<NotSupportedException>(() => Arithmetic.Negate<Half>(new Half[1], new Half[1]));

    [Fact]
    public void ElementwiseKernels_allocate_nothing()
    {
        float[] x = KernelRuns.Numbers<float>(1000, 1), y = new float[1000], z = new float[1000], w = new float[1000];
        var bytes = new byte[1000];
        Assert.Equal(0, Allocation.Of(Use));

        void Use()
        {
            Activations.Gelu<float>(x, y);
            Activations.ReluBackward<float>(x, y, z);
            OptimizerUpdates.Adam<float>(x, 1, 0.9, 0.99, 1, 1, 1e-8f, UpdateTerms<float>.None, y, z, w);
            ByteConversion.Convert<float>(bytes, x, x, y);
            Dropout.Apply<float>(Foundation(), 5, 0.4, x, y);
        }

        static DeepLearn.Foundation.RandomKey Foundation() => DeepLearn.Foundation.RandomKey.FromSeed(1);
    }

    private static void CheckEdges<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Margin = 70;
        var x = new T[length + (2 * Margin)];
        var y = new T[x.Length];
        Array.Fill(x, T.NaN);
        Array.Fill(y, T.One);
        x.AsSpan(Margin, length).Fill(T.CreateChecked(3));
        Map.Apply(default(Cube<T>), x.AsSpan(Margin, length), y.AsSpan(Margin, length));
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(i >= Margin && i < Margin + length ? T.CreateChecked(27) : T.One, y[i]);

        Array.Fill(y, T.One);
        T[] first = [.. y], second = [.. y];
        OptimizerUpdates.Adam(
            x.AsSpan(Margin, length),
            T.One,
            0,
            0,
            T.One,
            T.One,
            T.Zero,
            UpdateTerms<T>.None,
            y.AsSpan(Margin, length),
            first.AsSpan(Margin, length),
            second.AsSpan(Margin, length));
        for (int i = 0; i < x.Length; i++)
        {
            bool inside = i >= Margin && i < Margin + length;
            Assert.Equal(inside ? T.Zero : T.One, y[i]);
            Assert.Equal(inside ? T.CreateChecked(3) : T.One, first[i]);
            Assert.Equal(inside ? T.CreateChecked(9) : T.One, second[i]);
        }
    }

    private static void CheckLong<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = KernelRuns.Numbers<T>(length, 1), y = KernelRuns.Numbers<T>(length, 2), z = KernelRuns.Numbers<T>(length, 3);
        T[] one = new T[length], two = new T[length], three = new T[length];
        Map.Apply(default(Long<T>), x, one);
        Map.Apply(default(Long<T>), x, y, two);
        Map.Apply(default(Long<T>), x, y, z, three);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(x[i] + x[i], one[i]);
            Assert.Equal(x[i] - y[i], two[i]);
            Assert.Equal(x[i] - y[i] - z[i], three[i]);
        }
    }

    private readonly struct Long<T> : IUnaryOperator<T>, IBinaryOperator<T>, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => x + x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => x - y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : struct, ILanes<TLanes, T> => x - y - z;
    }

    private readonly struct Cube<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => x * x * x;
    }

    private readonly struct Twice : IBinaryOperator<double>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, double> => x + y + y;
    }
}
