using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Kernels.Simd;

// Explicit implementations, since users of the vectors need neither masks nor pointers.
internal readonly unsafe partial struct Lanes128<T> : IEdgeLanes<Lanes128<T>, T, Vector128<T>>
{
    [MethodImpl(Inline)]
    static Lanes128<T> IEdgeLanes<Lanes128<T>, T, Vector128<T>>.LowerOf<TWide>(TWide wide) =>
        (Lanes128<T>)(object)wide;

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes128<T>, T>.MultiplyAdd(ref Lanes128<T> sum, Lanes128<T> a, Lanes128<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes128<T>, Vector128<float>>(ref sum) = Vector128.FusedMultiplyAdd(
                (Vector128<float>)(object)a.Value, (Vector128<float>)(object)b.Value, (Vector128<float>)(object)sum.Value);
        }
        else
        {
            Unsafe.As<Lanes128<T>, Vector128<double>>(ref sum) = Vector128.FusedMultiplyAdd(
                (Vector128<double>)(object)a.Value, (Vector128<double>)(object)b.Value, (Vector128<double>)(object)sum.Value);
        }
    }

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes128<T>, T>.MultiplyAdd(ref Lanes128<T> sum, T* a, Lanes128<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes128<T>, Vector128<float>>(ref sum) = Vector128.FusedMultiplyAdd(
                Vector128.Create(*(float*)a), (Vector128<float>)(object)b.Value, (Vector128<float>)(object)sum.Value);
        }
        else
        {
            Unsafe.As<Lanes128<T>, Vector128<double>>(ref sum) = Vector128.FusedMultiplyAdd(
                Vector128.Create(*(double*)a), (Vector128<double>)(object)b.Value, (Vector128<double>)(object)sum.Value);
        }
    }

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes128<T>, T>.Read(ref Lanes128<T> x, T* from) =>
        Unsafe.As<Lanes128<T>, Vector128<T>>(ref x) = Vector128.Load(from);

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes128<T>, T>.Repeat(ref Lanes128<T> x, T* from) =>
        Unsafe.As<Lanes128<T>, Vector128<T>>(ref x) = Vector128.Create(*from);

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes128<T>, T>.Scale(ref Lanes128<T> sum, Lanes128<T> factor) =>
        Unsafe.As<Lanes128<T>, Vector128<T>>(ref sum) = factor.Value * sum.Value;

    [MethodImpl(Inline)]
    static void ITileLanes<Lanes128<T>, T>.Relu(ref Lanes128<T> sum) => sum = AtLeast(sum, default);

    [MethodImpl(Inline)]
    static void IEdgeLanes<Lanes128<T>, T, Vector128<T>>.MultiplyAddBits(ref Lanes128<T> sum, T* a, Lanes128<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            Unsafe.As<Lanes128<T>, Vector128<float>>(ref sum) = Vector128.FusedMultiplyAdd(
                Vector128.Create(*(int*)a).AsSingle(), (Vector128<float>)(object)b.Value, (Vector128<float>)(object)sum.Value);
        }
        else
        {
            Unsafe.As<Lanes128<T>, Vector128<double>>(ref sum) = Vector128.FusedMultiplyAdd(
                Vector128.Create(*(long*)a).AsDouble(), (Vector128<double>)(object)b.Value, (Vector128<double>)(object)sum.Value);
        }
    }

    [MethodImpl(Inline)]
    static Vector128<T> IEdgeLanes<Lanes128<T>, T, Vector128<T>>.MaskFirst(int count) =>
        Vector128.LessThan(Vector128<T>.Indices, Vector128.Create(T.CreateTruncating(count)));

    [MethodImpl(Inline)]
    static void IEdgeLanes<Lanes128<T>, T, Vector128<T>>.ReadFirst(ref Lanes128<T> x, T* from, Vector128<T> mask, int count) =>
        Unsafe.As<Lanes128<T>, Vector128<T>>(ref x) = LoadFew(from, count);

    [MethodImpl(Inline)]
    void IEdgeLanes<Lanes128<T>, T, Vector128<T>>.StoreFirst(T* to, Vector128<T> mask, int count) => StoreFew(Value, to, count);

    /// <summary>Reads the first one, two or three elements; the others are zero.</summary>
    [MethodImpl(Inline)]
    internal static Vector128<T> LoadFew(T* from, int count)
    {
        if (count == 1)
            return Vector128.CreateScalar(*from);
        var pair = Vector128.CreateScalar(*(double*)from).As<double, T>();
        return count == 2 ? pair : pair.WithElement(2, from[2]);
    }

    /// <summary>Writes the first elements, up to three.</summary>
    [MethodImpl(Inline)]
    internal static void StoreFew(Vector128<T> vector, T* to, int count)
    {
        if (count >= 2)
        {
            *(double*)to = vector.AsDouble().ToScalar();
            vector = Vector128.CreateScalar(vector.AsDouble().GetElement(1)).As<double, T>();
            to += 2;
        }
        if ((count & 1) != 0)
            *to = vector.ToScalar();
    }
}
