namespace DeepLearn.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of a small symmetric matrix in double, by Jacobi's rotations (Jacobi, 1846; Golub and Van Loan, "Matrix
/// Computations", 1996): accurate to rounding, and the same bits on every machine.
/// </summary>
/// <remarks>The work grows with the cube of the size, some sweeps over; it is made for sizes up to some hundreds.</remarks>
public static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>Decomposes a matrix, A = V diag(values) V'.</summary>
    /// <param name="matrix">A, row by row; left as it is.</param>
    /// <param name="size">The number of its rows, at least 1.</param>
    /// <param name="vectors">V, row by row; an eigenvector is a column of length 1. An array of the caller's own.</param>
    /// <returns>The eigenvalues, in the order of the columns of V, which is no particular one; an array of the caller's own.</returns>
    /// <exception cref="ArgumentException">The matrix has another number of elements than size times size.</exception>
    public static double[] Decompose(ReadOnlySpan<double> matrix, int size, out double[] vectors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (matrix.Length != (long)size * size)
            throw new ArgumentException($"A matrix of {size} rows and columns has {(long)size * size} elements; found {matrix.Length}.");
        double[] a = [.. matrix];
        double[] v = vectors = new double[size * size];
        for (int i = 0; i < size; i++)
            v[(i * size) + i] = 1;
        for (int sweep = 0; sweep < MostSweeps && OffDiagonal(a, size) > 0; sweep++)
        {
            for (int p = 0; p < size - 1; p++)
            {
                for (int q = p + 1; q < size; q++)
                    Rotate(a, v, size, p, q);
            }
        }
        var values = new double[size];
        for (int i = 0; i < size; i++)
            values[i] = a[(i * size) + i];
        return values;
    }

    private static double OffDiagonal(double[] a, int size)
    {
        double sum = 0;
        for (int p = 0; p < size - 1; p++)
        {
            for (int q = p + 1; q < size; q++)
                sum += Math.Abs(a[(p * size) + q]);
        }
        return sum;
    }

    private static void Rotate(double[] a, double[] v, int size, int p, int q)
    {
        double apq = a[(p * size) + q], app = a[(p * size) + p], aqq = a[(q * size) + q];

        // An element that is lost in rounding beside the diagonal counts as zero.
        if (Math.Abs(apq) <= 1e-17 * Math.Sqrt(Math.Abs(app * aqq)))
        {
            a[(p * size) + q] = a[(q * size) + p] = 0;
            return;
        }
        double theta = (aqq - app) / (2 * apq);
        double tangent = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double cosine = 1 / Math.Sqrt((tangent * tangent) + 1), sine = tangent * cosine;
        for (int k = 0; k < size; k++)
        {
            double akp = a[(k * size) + p], akq = a[(k * size) + q];
            a[(k * size) + p] = (cosine * akp) - (sine * akq);
            a[(k * size) + q] = (sine * akp) + (cosine * akq);
        }
        for (int k = 0; k < size; k++)
        {
            double apk = a[(p * size) + k], aqk = a[(q * size) + k];
            a[(p * size) + k] = (cosine * apk) - (sine * aqk);
            a[(q * size) + k] = (sine * apk) + (cosine * aqk);
        }
        a[(p * size) + q] = a[(q * size) + p] = 0;
        for (int k = 0; k < size; k++)
        {
            double vkp = v[(k * size) + p], vkq = v[(k * size) + q];
            v[(k * size) + p] = (cosine * vkp) - (sine * vkq);
            v[(k * size) + q] = (sine * vkp) + (cosine * vkq);
        }
    }
}
