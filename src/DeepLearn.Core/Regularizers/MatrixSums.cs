using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>The two sums that penalties are made of, in double.</summary>
internal static class MatrixSums
{
    /// <summary>The sum of the magnitudes.</summary>
    public static double Magnitudes<T>(ReadOnlyMatrixView<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int row = 0; row < value.Rows; row++)
        {
            foreach (T element in value.Row(row))
                sum += double.CreateChecked(T.Abs(element));
        }
        return sum;
    }

    /// <summary>The sum of the squares.</summary>
    public static double Squares<T>(ReadOnlyMatrixView<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int row = 0; row < value.Rows; row++)
        {
            foreach (T element in value.Row(row))
            {
                double x = double.CreateChecked(element);
                sum += x * x;
            }
        }
        return sum;
    }
}
