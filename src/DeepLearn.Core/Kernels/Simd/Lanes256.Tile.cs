using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Simd;

// Explicit implementations, since users of the vectors need neither masks nor pointers.
internal readonly unsafe partial struct Lanes256<T> : IEdgeLanes<Lanes256<T>, T, Vector256<T>>
{
    [MethodImpl(Inline)]
    static Lanes256<T> IEdgeLanes<Lanes256<T>, T, Vector256<T>>.LowerOf<TWide>(TWide wide) =>
        typeof(TWide) == typeof(Lanes512<T>)
            ? new(Unsafe.BitCast<TWide, Lanes512<T>>(wide).Value.GetLower())
            : Unsafe.BitCast<TWide, Lanes256<T>>(wide);

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes256<T>, T>.MultiplyAdd(ref Lanes256<T> sum, Lanes256<T> a, Lanes256<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes256<T>, Vector256<float>>(ref sum) = Vector256.FusedMultiplyAdd(
                (Vector256<float>)(object)a.Value, (Vector256<float>)(object)b.Value, (Vector256<float>)(object)sum.Value);
        }
        else
        {
            Unsafe.As<Lanes256<T>, Vector256<double>>(ref sum) = Vector256.FusedMultiplyAdd(
                (Vector256<double>)(object)a.Value, (Vector256<double>)(object)b.Value, (Vector256<double>)(object)sum.Value);
        }
    }

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes256<T>, T>.MultiplyAdd(ref Lanes256<T> sum, T* a, Lanes256<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes256<T>, Vector256<float>>(ref sum) = Vector256.FusedMultiplyAdd(
                Vector256.Create(*(float*)a), (Vector256<float>)(object)b.Value, (Vector256<float>)(object)sum.Value);
        }
        else
        {
            Unsafe.As<Lanes256<T>, Vector256<double>>(ref sum) = Vector256.FusedMultiplyAdd(
                Vector256.Create(*(double*)a), (Vector256<double>)(object)b.Value, (Vector256<double>)(object)sum.Value);
        }
    }

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes256<T>, T>.Read(ref Lanes256<T> x, T* from) =>
        Unsafe.As<Lanes256<T>, Vector256<T>>(ref x) = Vector256.Load(from);

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes256<T>, T>.Repeat(ref Lanes256<T> x, T* from) =>
        Unsafe.As<Lanes256<T>, Vector256<T>>(ref x) = Vector256.Create(*from);

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes256<T>, T>.Scale(ref Lanes256<T> sum, Lanes256<T> factor) =>
        Unsafe.As<Lanes256<T>, Vector256<T>>(ref sum) = factor.Value * sum.Value;

    // The maximum instruction of x86 returns its second operand for a NaN and for two zeros, as ReLU requires.
    [MethodImpl(Inline)]
    static void ITileLanes<Lanes256<T>, T>.Relu(ref Lanes256<T> sum)
    {
        if (Avx.IsSupported && typeof(T) == typeof(float))
            Unsafe.As<Lanes256<T>, Vector256<float>>(ref sum) = Avx.Max(Vector256<float>.Zero, (Vector256<float>)(object)sum.Value);
        else if (Avx.IsSupported)
            Unsafe.As<Lanes256<T>, Vector256<double>>(ref sum) = Avx.Max(Vector256<double>.Zero, (Vector256<double>)(object)sum.Value);
        else
            sum = SelectLess(sum, default, default, sum);
    }

    [MethodImpl(Inline)]
    static void IEdgeLanes<Lanes256<T>, T, Vector256<T>>.MultiplyAddBits(ref Lanes256<T> sum, T* a, Lanes256<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes256<T>, Vector256<float>>(ref sum) = Vector256.FusedMultiplyAdd(
                Vector256.Create(*(int*)a).AsSingle(), (Vector256<float>)(object)b.Value, (Vector256<float>)(object)sum.Value);
        }
        else
        {
            Unsafe.As<Lanes256<T>, Vector256<double>>(ref sum) = Vector256.FusedMultiplyAdd(
                Vector256.Create(*(long*)a).AsDouble(), (Vector256<double>)(object)b.Value, (Vector256<double>)(object)sum.Value);
        }
    }

    [MethodImpl(Inline)]
    static Vector256<T> IEdgeLanes<Lanes256<T>, T, Vector256<T>>.MaskFirst(int count) =>
        Vector256.LessThan(Vector256<T>.Indices, Vector256.Create(T.CreateTruncating(count)));

    [MethodImpl(Inline)]
    static void IEdgeLanes<Lanes256<T>, T, Vector256<T>>.ReadFirst(ref Lanes256<T> x, T* from, Vector256<T> mask, int count)
    {
        if (Avx512F.VL.IsSupported && typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes256<T>, Vector256<float>>(ref x) =
                Avx512F.VL.MaskLoad((float*)from, (Vector256<float>)(object)mask, Vector256<float>.Zero);
        }
        else if (Avx512F.VL.IsSupported)
        {
            Unsafe.As<Lanes256<T>, Vector256<double>>(ref x) =
                Avx512F.VL.MaskLoad((double*)from, (Vector256<double>)(object)mask, Vector256<double>.Zero);
        }
        else if (Avx.IsSupported && typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes256<T>, Vector256<float>>(ref x) = Avx.MaskLoad((float*)from, (Vector256<float>)(object)mask);
        }
        else if (Avx.IsSupported)
        {
            Unsafe.As<Lanes256<T>, Vector256<double>>(ref x) = Avx.MaskLoad((double*)from, (Vector256<double>)(object)mask);
        }
        else
        {
            int half = Vector128<T>.Count;
            if (count < half)
                x = new(Vector256.Create(Lanes128<T>.LoadFew(from, count), Vector128<T>.Zero));
            else if (count == half)
                x = new(Vector256.Create(Vector128.Load(from), Vector128<T>.Zero));
            else if (count < Vector256<T>.Count)
                x = new(Vector256.Create(Vector128.Load(from), Lanes128<T>.LoadFew(from + half, count - half)));
            else
                x = new(Vector256.Load(from));
        }
    }

    [MethodImpl(Inline)]
    void IEdgeLanes<Lanes256<T>, T, Vector256<T>>.StoreFirst(T* to, Vector256<T> mask, int count)
    {
        if (Avx512F.VL.IsSupported)
        {
            if (typeof(T) == typeof(float))
                Avx512F.VL.MaskStore((float*)to, (Vector256<float>)(object)mask, (Vector256<float>)(object)Value);
            else
                Avx512F.VL.MaskStore((double*)to, (Vector256<double>)(object)mask, (Vector256<double>)(object)Value);
            return;
        }

        // AVX's masked store takes tens of cycles on some cores. A call would cost even more, since the JIT would spill all accumulators.
        int half = Vector128<T>.Count;
        if (count == Vector256<T>.Count)
        {
            Value.Store(to);
            return;
        }
        Vector128<T> part = Value.GetLower();
        if (count >= half)
        {
            part.Store(to);
            part = Value.GetUpper();
            to += half;
            count -= half;
        }
        Lanes128<T>.StoreFew(part, to, count);
    }
}
