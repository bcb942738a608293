using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>Placeholder until the real one is merged.</summary>
public static class ColumnReductions
{
    /// <summary>Placeholder.</summary>
    public static void Sum<T>(ReadOnlyMatrixView<T> source, T scale, T keep, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < source.Columns; j++)
        {
            T sum = T.Zero;
            for (int i = 0; i < source.Rows; i++)
                sum += source[i, j];
            destination[j] = T.IsZero(keep) ? scale * sum : T.FusedMultiplyAdd(scale, sum, keep * destination[j]);
        }
    }
}
