using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Simd;

// A single number is never incomplete; the masks are here only because the interface requires them.
internal readonly unsafe partial struct Lane<T> : IEdgeLanes<Lane<T>, T, T>
{
    [MethodImpl(Inline)]
    static Lane<T> IEdgeLanes<Lane<T>, T, T>.LowerOf<TWide>(TWide wide) => (Lane<T>)(object)wide;

    [MethodImpl(Inline)]
    static void ITileLanes<Lane<T>, T>.MultiplyAdd(ref Lane<T> sum, Lane<T> a, Lane<T> b) => sum = FusedMultiplyAdd(a, b, sum);

    [MethodImpl(Inline)]
    static void ITileLanes<Lane<T>, T>.MultiplyAdd(ref Lane<T> sum, T* a, Lane<T> b) => sum = FusedMultiplyAdd(new(*a), b, sum);

    [MethodImpl(Inline)]
    static void ITileLanes<Lane<T>, T>.Read(ref Lane<T> x, T* from) => x = new(*from);

    [MethodImpl(Inline)]
    static void ITileLanes<Lane<T>, T>.Repeat(ref Lane<T> x, T* from) => x = new(*from);

    [MethodImpl(Inline)]
    static void ITileLanes<Lane<T>, T>.Scale(ref Lane<T> sum, Lane<T> factor) => sum = factor * sum;

    [MethodImpl(Inline)]
    static void ITileLanes<Lane<T>, T>.Relu(ref Lane<T> sum) => sum = AtLeast(sum, default);

    [MethodImpl(Inline)]
    static void IEdgeLanes<Lane<T>, T, T>.MultiplyAddBits(ref Lane<T> sum, T* a, Lane<T> b) => sum = FusedMultiplyAdd(new(*a), b, sum);

    static T IEdgeLanes<Lane<T>, T, T>.MaskFirst(int count) => T.One;

    static void IEdgeLanes<Lane<T>, T, T>.ReadFirst(ref Lane<T> x, T* from, T mask, int count) => x = new(*from);

    void IEdgeLanes<Lane<T>, T, T>.StoreFirst(T* to, T mask, int count) => *to = Value;
}
