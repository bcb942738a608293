namespace DeepLearn.Search.Samplers;

/// <summary>The Cholesky factor L of a symmetric positive definite matrix, A = L L', row by row; double arithmetic in one order.</summary>
internal sealed class Cholesky
{
    private readonly double[] _factor;

    private Cholesky(double[] factor, int size)
    {
        _factor = factor;
        Size = size;
    }

    /// <summary>The number of rows.</summary>
    public int Size { get; }

    /// <summary>The logarithm of the determinant of A is twice the sum of these.</summary>
    public IEnumerable<double> Diagonal => Enumerable.Range(0, Size).Select(i => _factor[(i * Size) + i]);

    /// <summary>Factors a matrix.</summary>
    /// <param name="matrix">A, row by row, of which the lower triangle is read.</param>
    /// <param name="size">The number of rows.</param>
    /// <returns>The factor; null if the matrix is not positive definite.</returns>
    public static Cholesky? Of(double[] matrix, int size)
    {
        var factor = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            ReadOnlySpan<double> row = factor.AsSpan(i * size, size);
            for (int j = 0; j <= i; j++)
            {
                ReadOnlySpan<double> other = factor.AsSpan(j * size, size);
                double sum = matrix[(i * size) + j];
                for (int k = 0; k < j; k++)
                    sum -= row[k] * other[k];
                if (j < i)
                    factor[(i * size) + j] = sum / other[j];
                else if (sum > 0)
                    factor[(i * size) + i] = Math.Sqrt(sum);
                else
                    return null;
            }
        }
        return new(factor, size);
    }

    /// <summary>Solves L x = b.</summary>
    /// <param name="b">The right side, which becomes x.</param>
    public void SolveLower(Span<double> b)
    {
        for (int i = 0; i < Size; i++)
        {
            ReadOnlySpan<double> row = _factor.AsSpan(i * Size, Size);
            double sum = b[i];
            for (int k = 0; k < i; k++)
                sum -= row[k] * b[k];
            b[i] = sum / row[i];
        }
    }

    /// <summary>Solves L' x = b.</summary>
    /// <param name="b">The right side, which becomes x.</param>
    public void SolveUpper(Span<double> b)
    {
        for (int i = Size - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> row = _factor.AsSpan(i * Size, Size);
            double x = b[i] /= row[i];
            for (int k = 0; k < i; k++)
                b[k] -= row[k] * x;
        }
    }

    /// <summary>The inverse of A, row by row.</summary>
    public double[] Inverse()
    {
        var inverse = new double[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            // The matrix is symmetric: a column is a row.
            Span<double> column = inverse.AsSpan(i * Size, Size);
            column[i] = 1;
            SolveLower(column);
            SolveUpper(column);
        }
        return inverse;
    }
}
