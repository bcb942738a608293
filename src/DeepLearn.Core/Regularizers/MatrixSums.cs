using System.Numerics;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>The two sums that penalties are made of, each in the one order of the reductions.</summary>
internal static class MatrixSums
{
    /// <summary>The sum of the magnitudes.</summary>
    public static double Magnitudes<T>(ReadOnlyMatrixView<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (value.IsContiguous)
            return Magnitudes(value.AsSpan());
        double sum = 0;
        for (int row = 0; row < value.Rows; row++)
            sum += Magnitudes(value.Row(row));
        return sum;
    }

    /// <summary>The sum of the squares.</summary>
    public static double Squares<T>(ReadOnlyMatrixView<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (value.IsContiguous)
            return Squares(value.AsSpan());
        double sum = 0;
        for (int row = 0; row < value.Rows; row++)
            sum += Squares(value.Row(row));
        return sum;
    }

    // Sums that leave the range of T are taken in double.

    private static double Magnitudes<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = double.CreateChecked(Reduce.SumOfMagnitudes(values));
        if (!double.IsPositiveInfinity(sum))
            return sum;
        sum = 0;
        foreach (T value in values)
            sum += Math.Abs(double.CreateChecked(value));
        return sum;
    }

    private static double Squares<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum = Reduce.SumOfSquares(values);
        if (T.IsNormal(sum) || T.IsNaN(sum))
            return double.CreateChecked(sum);
        double total = 0;
        foreach (T value in values)
            total = Math.FusedMultiplyAdd(double.CreateChecked(value), double.CreateChecked(value), total);
        return total;
    }
}
