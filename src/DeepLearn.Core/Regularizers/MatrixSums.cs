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
            return double.CreateChecked(Reduce.SumOfMagnitudes(value.AsSpan()));
        double sum = 0;
        for (int row = 0; row < value.Rows; row++)
            sum += double.CreateChecked(Reduce.SumOfMagnitudes(value.Row(row)));
        return sum;
    }

    /// <summary>The sum of the squares.</summary>
    public static double Squares<T>(ReadOnlyMatrixView<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (value.IsContiguous)
            return double.CreateChecked(Reduce.SumOfSquares(value.AsSpan()));
        double sum = 0;
        for (int row = 0; row < value.Rows; row++)
            sum += double.CreateChecked(Reduce.SumOfSquares(value.Row(row)));
        return sum;
    }
}
