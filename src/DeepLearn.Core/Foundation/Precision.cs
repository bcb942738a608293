using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Foundation;

/// <summary>Conversions between the two precisions that the library computes in, <see cref="float"/> and <see cref="double"/>.</summary>
public static class Precision
{
    /// <summary>Throws unless <typeparamref name="T"/> is <see cref="float"/> or <see cref="double"/>.</summary>
    /// <typeparam name="T">The type to judge.</typeparam>
    /// <exception cref="NotSupportedException">Another type.</exception>
    public static void Require<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"DeepLearn computes in float and double; {TypeNames.Of<T>()} is not supported.");
    }

    /// <summary>Rounds to <typeparamref name="T"/>, to nearest.</summary>
    /// <remarks>
    /// <see cref="INumberBase{T}.CreateChecked{TOther}"/> gives the same, but asks for every numeric type there is, which costs the JIT a
    /// millisecond for each method that calls it.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">Any number, infinities and NaN included.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromDouble<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value)
        : typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(value)
        : T.CreateChecked(value);

    /// <summary>The same number as a <see cref="double"/>, exactly.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">Any number, infinities and NaN included.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value)
        : typeof(T) == typeof(double) ? Unsafe.BitCast<T, double>(value)
        : double.CreateChecked(value);
}
