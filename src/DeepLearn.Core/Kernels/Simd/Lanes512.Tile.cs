using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Simd;

// Explicit implementations, since users of the vectors need neither masks nor pointers.
internal readonly unsafe partial struct Lanes512<T> : IEdgeLanes<Lanes512<T>, T, Vector512<T>>
{
    [MethodImpl(Inline)]
    static Lanes512<T> IEdgeLanes<Lanes512<T>, T, Vector512<T>>.LowerOf<TWide>(TWide wide) =>
        (Lanes512<T>)(object)wide;

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes512<T>, T>.MultiplyAdd(ref Lanes512<T> sum, Lanes512<T> a, Lanes512<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes512<T>, Vector512<float>>(ref sum) = Vector512.FusedMultiplyAdd(
                (Vector512<float>)(object)a.Value, (Vector512<float>)(object)b.Value, (Vector512<float>)(object)sum.Value);
        }
        else
        {
            Unsafe.As<Lanes512<T>, Vector512<double>>(ref sum) = Vector512.FusedMultiplyAdd(
                (Vector512<double>)(object)a.Value, (Vector512<double>)(object)b.Value, (Vector512<double>)(object)sum.Value);
        }
    }

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes512<T>, T>.MultiplyAdd(ref Lanes512<T> sum, T* a, Lanes512<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes512<T>, Vector512<float>>(ref sum) = Vector512.FusedMultiplyAdd(
                Vector512.Create(*(float*)a), (Vector512<float>)(object)b.Value, (Vector512<float>)(object)sum.Value);
        }
        else
        {
            Unsafe.As<Lanes512<T>, Vector512<double>>(ref sum) = Vector512.FusedMultiplyAdd(
                Vector512.Create(*(double*)a), (Vector512<double>)(object)b.Value, (Vector512<double>)(object)sum.Value);
        }
    }

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes512<T>, T>.Read(ref Lanes512<T> x, T* from) =>
        Unsafe.As<Lanes512<T>, Vector512<T>>(ref x) = Vector512.Load(from);

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes512<T>, T>.Repeat(ref Lanes512<T> x, T* from) =>
        Unsafe.As<Lanes512<T>, Vector512<T>>(ref x) = Vector512.Create(*from);

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes512<T>, T>.Scale(ref Lanes512<T> sum, Lanes512<T> factor) =>
        Unsafe.As<Lanes512<T>, Vector512<T>>(ref sum) = factor.Value * sum.Value;

    // The maximum instruction of x86 returns its second operand for a NaN and for two zeros, as ReLU requires.
    [MethodImpl(Inline)]
    static void ITileLanes<Lanes512<T>, T>.Relu(ref Lanes512<T> sum)
    {
        if (Avx512F.IsSupported && typeof(T) == typeof(float))
            Unsafe.As<Lanes512<T>, Vector512<float>>(ref sum) = Avx512F.Max(Vector512<float>.Zero, (Vector512<float>)(object)sum.Value);
        else if (Avx512F.IsSupported)
            Unsafe.As<Lanes512<T>, Vector512<double>>(ref sum) = Avx512F.Max(Vector512<double>.Zero, (Vector512<double>)(object)sum.Value);
        else
            sum = SelectLess(sum, default, default, sum);
    }

    [MethodImpl(Inline)]
    static void IEdgeLanes<Lanes512<T>, T, Vector512<T>>.MultiplyAddBits(ref Lanes512<T> sum, T* a, Lanes512<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes512<T>, Vector512<float>>(ref sum) = Vector512.FusedMultiplyAdd(
                Vector512.Create(*(int*)a).AsSingle(), (Vector512<float>)(object)b.Value, (Vector512<float>)(object)sum.Value);
        }
        else
        {
            Unsafe.As<Lanes512<T>, Vector512<double>>(ref sum) = Vector512.FusedMultiplyAdd(
                Vector512.Create(*(long*)a).AsDouble(), (Vector512<double>)(object)b.Value, (Vector512<double>)(object)sum.Value);
        }
    }

    [MethodImpl(Inline)]
    static Vector512<T> IEdgeLanes<Lanes512<T>, T, Vector512<T>>.MaskFirst(int count) =>
        Vector512.LessThan(Vector512<T>.Indices, Vector512.Create(T.CreateTruncating(count)));

    [MethodImpl(Inline)]
    static void IEdgeLanes<Lanes512<T>, T, Vector512<T>>.ReadFirst(ref Lanes512<T> x, T* from, Vector512<T> mask, int count)
    {
        if (Avx512F.IsSupported && typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes512<T>, Vector512<float>>(ref x) =
                Avx512F.MaskLoad((float*)from, (Vector512<float>)(object)mask, Vector512<float>.Zero);
        }
        else if (Avx512F.IsSupported)
        {
            Unsafe.As<Lanes512<T>, Vector512<double>>(ref x) =
                Avx512F.MaskLoad((double*)from, (Vector512<double>)(object)mask, Vector512<double>.Zero);
        }
        else
        {
            x = default;
            for (int i = 0; i < count; i++)
                x = new(x.Value.WithElement(i, from[i]));
        }
    }

    [MethodImpl(Inline)]
    void IEdgeLanes<Lanes512<T>, T, Vector512<T>>.StoreFirst(T* to, Vector512<T> mask, int count)
    {
        if (Avx512F.IsSupported)
        {
            if (typeof(T) == typeof(float))
                Avx512F.MaskStore((float*)to, (Vector512<float>)(object)mask, (Vector512<float>)(object)Value);
            else
                Avx512F.MaskStore((double*)to, (Vector512<double>)(object)mask, (Vector512<double>)(object)Value);
            return;
        }
        for (int i = 0; i < count; i++)
            to[i] = Value.GetElement(i);
    }
}
