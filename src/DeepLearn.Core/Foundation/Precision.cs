using System.Numerics;

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
}
