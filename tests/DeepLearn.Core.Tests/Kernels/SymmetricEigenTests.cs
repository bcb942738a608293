using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Kernels;

public class SymmetricEigenTests
{
    [Property(MaxTest = 100)]
    public Property SymmetricEigen_vectors_are_orthogonal_and_make_the_matrix() => Prop.ForAll(
        (from size in Gen.Choose(1, 8)
         from seed in Gen.Choose(0, 999)
         select (size, seed)).ToArbitrary(),
        test =>
        {
            int n = test.size;
            RandomStream random = RandomKey.FromSeed((ulong)test.seed).Open();
            var a = new double[n * n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                    a[(i * n) + j] = a[(j * n) + i] = random.NextUniform() - 0.5;
            }
            double[] values = SymmetricEigen.Decompose(a, n, out double[] v);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    Assert.Equal(a[(i * n) + j], Enumerable.Range(0, n).Sum(k => v[(i * n) + k] * values[k] * v[(j * n) + k]), 1e-12);
                    Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, n).Sum(k => v[(k * n) + i] * v[(k * n) + j]), 1e-12);
                }
            }
        });

    [Fact]
    public void SymmetricEigen_matrix_of_another_size_is_refused() =>
        Assert.Contains("9 elements; found 8", Assert.Throws<ArgumentException>(
            () => SymmetricEigen.Decompose(new double[8], 3, out _)).Message);
}
