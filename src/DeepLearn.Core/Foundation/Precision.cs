using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Foundation;

/// <summary>What the library knows of the two precisions it computes in, <see cref="float"/> and <see cref="double"/>.</summary>
internal static class Precision
{
    /// <summary>Throws unless <typeparamref name="T"/> is <see cref="float"/> or <see cref="double"/>.</summary>
    /// <exception cref="NotSupportedException">Another type.</exception>
    public static void Require<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"DeepLearn computes in float and double; {typeof(T).Name} is not supported.");
    }

    /// <summary>
    /// Rounds to <typeparamref name="T"/>, as <see cref="INumberBase{T}.CreateChecked{TOther}"/> does, which the JIT takes a millisecond
    /// to read: it asks for every type there is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromDouble<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value)
        : typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(value)
        : T.CreateChecked(value);

    /// <summary>The same number as a <see cref="double"/>; see <see cref="FromDouble{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value)
        : typeof(T) == typeof(double) ? Unsafe.BitCast<T, double>(value)
        : double.CreateChecked(value);
}
