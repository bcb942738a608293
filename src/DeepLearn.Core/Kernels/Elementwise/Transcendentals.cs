using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// The transcendental functions over spans. Each result has the bits that the function of <see cref="VectorMath"/> gives for a single
/// number.
/// </summary>
public static class Transcendentals
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>e^x of every element; see <see cref="VectorMath.Exp{T}(T)"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Exp<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(ExpOperator<T>), source, destination);

    /// <summary>e^x - 1 of every element; see <see cref="VectorMath.Expm1{T}(T)"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Expm1<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(Expm1Operator<T>), source, destination);

    /// <summary>log x of every element; see <see cref="VectorMath.Log{T}(T)"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Log<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(LogOperator<T>), source, destination);

    /// <summary>log(1 + x) of every element; see <see cref="VectorMath.Log1p{T}(T)"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Log1p<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(Log1pOperator<T>), source, destination);

    /// <summary>tanh x of every element; see <see cref="VectorMath.Tanh{T}(T)"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Tanh<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(TanhOperator<T>), source, destination);

    /// <summary>1 / (1 + e^-x) of every element; see <see cref="VectorMath.Sigmoid{T}(T)"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Sigmoid<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SigmoidOperator<T>), source, destination);

    /// <summary>log(1 + e^x) of every element; see <see cref="VectorMath.Softplus{T}(T)"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Softplus<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SoftplusOperator<T>), source, destination);

    /// <summary>erf x of every element; see <see cref="VectorMath.Erf{T}(T)"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Erf<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(ErfOperator<T>), source, destination);

    /// <summary>The sine of every element; see <see cref="VectorMath.Sin(double)"/>.</summary>
    /// <param name="source">The angles in radians.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Sin(ReadOnlySpan<double> source, Span<double> destination) => Map.Apply(default(SinOperator), source, destination);

    /// <summary>The cosine of every element; see <see cref="VectorMath.Cos(double)"/>.</summary>
    /// <param name="source">The angles in radians.</param>
    /// <param name="destination">The results, of the same length; it may be the source, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void Cos(ReadOnlySpan<double> source, Span<double> destination) => Map.Apply(default(CosOperator), source, destination);

    private readonly struct ExpOperator<T> : IUnaryOperator<T>, IPairedOperator
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.Exp<TLanes, T>(x);
    }

    private readonly struct Expm1Operator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.Expm1<TLanes, T>(x);
    }

    private readonly struct LogOperator<T> : IUnaryOperator<T>, IPairedOperator
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.Log<TLanes, T>(x);
    }

    private readonly struct Log1pOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.Log1p<TLanes, T>(x);
    }

    private readonly struct TanhOperator<T> : IUnaryOperator<T>, IPairedOperator
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.Tanh<TLanes, T>(x);
    }

    private readonly struct SigmoidOperator<T> : IUnaryOperator<T>, IPairedOperator
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.Sigmoid<TLanes, T>(x);
    }

    private readonly struct SoftplusOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.Softplus<TLanes, T>(x);
    }

    private readonly struct ErfOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.Erf<TLanes, T>(x);
    }

    private readonly struct SinOperator : IUnaryOperator<double>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, double> => VectorMath.Sin(x);
    }

    private readonly struct CosOperator : IUnaryOperator<double>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, double> => VectorMath.Cos(x);
    }
}
