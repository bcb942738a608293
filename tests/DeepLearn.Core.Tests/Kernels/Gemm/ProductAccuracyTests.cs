using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;
using DeepLearn.Tests.Kernels;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm;

/// <summary>The error of a product is within the bound that follows from its definition, against arithmetic of 256 bits.</summary>
public class ProductAccuracyTests
{
    [Property(MaxTest = 100)]
    public void MatrixProduct_error_is_within_the_bound_of_a_chain_of_multiply_adds(byte m, byte n, ushort k, int seed)
    {
        Check(new ProductCase<float>(seed, 1 + (m % 6), 1 + (n % 6), k % 700, finite: true));
        Check(new ProductCase<double>(seed, 1 + (m % 6), 1 + (n % 6), k % 700, finite: true));
    }

    private static void Check<T>(ProductCase<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> result = product.NewResult();
        MatrixView<T> before = product.Inner(product.NewResult()), found = product.Inner(result);
        MatrixProduct.Multiply(product.A, product.B, product.Options, WorkerPool.Single, found);
        ReadOnlyMatrixView<T> a = product.A, b = product.B;
        ProductOptions<T> options = product.Options;

        // Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed. (2002), section 3.1: a sum of k products by fused operations
        // has an error of at most k u / (1 - k u) of the sum of the magnitudes; alpha and beta add a rounding to each term.
        double unit = typeof(T) == typeof(float) ? Math.ScaleB(1, -24) : Math.ScaleB(1, -53), steps = product.Depth + 1;
        double bound = steps * unit / (1 - (steps * unit));
        for (int i = 0; i < product.Rows; i++)
        {
            for (int j = 0; j < product.Columns; j++)
            {
                BigReal exact = options.Bias.IsEmpty
                    ? T.IsZero(options.Beta) ? BigReal.Zero : Exact(options.Beta) * Exact(before[i, j])
                    : Exact(options.Bias[j]);
                double magnitude = Math.Abs(exact.ToDouble());
                for (int p = 0; p < product.Depth; p++)
                {
                    T left = product.TransposeA ? a[p, i] : a[i, p], right = product.TransposeB ? b[j, p] : b[p, j];
                    BigReal term = Exact(options.Alpha) * Exact(left) * Exact(right);
                    exact += term;
                    magnitude += Math.Abs(term.ToDouble());
                }
                double expected = exact.ToDouble(), error = (Exact(found[i, j]) - exact).ToDouble();
                if (options.Relu && double.CreateChecked(found[i, j]) == 0)
                    error = Math.Max(0, expected);
                Assert.True(
                    Math.Abs(error) <= bound * magnitude,
                    $"{product}: element [{i}, {j}] is {found[i, j]}, not {expected}; off by {error / (unit * magnitude)} units of the "
                    + "magnitudes");
            }
        }
    }

    private static BigReal Exact<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BigReal.From(double.CreateChecked(value));
}
