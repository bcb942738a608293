using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>
/// Mean and variance of numbers whose differences are beyond the range of their type, as those of 3e38 and -3e38 in float: in double, one
/// after the other. It is taken where the fast way came to what is not finite, so that it costs nothing elsewhere.
/// </summary>
internal static class WideMoments
{
    // Numbers near the end of double's own range are brought into the middle of it; a power of two loses no digit.
    private static readonly double Scale = double.ScaleB(1, -64);

    /// <summary>Whether the fast way left the range of the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Are<T>(T mean, T variance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => !T.IsFinite(mean) || !T.IsFinite(variance);

    /// <summary>Mean and population variance of numbers a stride apart; a variance beyond the range of the type is infinite.</summary>
    public static (T Mean, T Variance) Of<T>(ref readonly T x, nint stride, nint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (nint i = 0; i < count; i++)
            sum += Scale * At(in x, i * stride);
        double mean = sum / count, squares = 0;
        for (nint i = 0; i < count; i++)
        {
            double deviation = Scale * At(in x, i * stride) - mean;
            squares = Math.FusedMultiplyAdd(deviation, deviation, squares);
        }
        return (CanonicalSum.Rounded<T>(mean / Scale), CanonicalSum.Rounded<T>(squares / count / Scale / Scale));
    }

    /// <summary>Replaces what is not finite among the means and variances of rows.</summary>
    public static void MendRows<T>(ReadOnlyMatrixView<T> source, Span<T> means, Span<T> variances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < means.Length; i++)
        {
            if (Are(means[i], variances[i]))
                (means[i], variances[i]) = Of(in source.Row(i)[0], 1, source.Columns);
        }
    }

    /// <summary>Replaces what is not finite among the means and variances of columns.</summary>
    public static void MendColumns<T>(ReadOnlyMatrixView<T> source, Span<T> means, Span<T> variances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < means.Length; i++)
        {
            if (Are(means[i], variances[i]))
                (means[i], variances[i]) = Of(in Unsafe.Add(ref source.Origin, i), source.Stride, source.Rows);
        }
    }

    private static double At<T>(ref readonly T x, nint place)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CanonicalSum.Widened(Unsafe.Add(ref Unsafe.AsRef(in x), place));
}
