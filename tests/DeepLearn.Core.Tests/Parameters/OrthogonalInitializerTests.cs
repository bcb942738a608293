using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Parameters;

public class OrthogonalInitializerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(20, 6)]
    [InlineData(6, 20)]
    [InlineData(1, 9)]
    public void OrthogonalInitializer_rows_or_columns_are_orthogonal_with_the_length_of_the_gain(int rows, int columns)
    {
        var matrix = new Matrix<double>(rows, columns);
        new OrthogonalInitializer(1.5).Fill(rows, columns, RandomKey.FromSeed(5), matrix.View);
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double product = 0;
                for (int k = 0; k < length; k++)
                    product += rows >= columns ? matrix[k, i] * matrix[k, j] : matrix[i, k] * matrix[j, k];
                Assert.Equal(i == j ? 2.25 : 0, product, 1e-14 * length);
            }
        }
    }

    [Fact]
    public void OrthogonalInitializer_draws_both_signs_equally_often()
    {
        // A decomposition that fixes signs would give 1-by-1 matrices of one sign.
        var matrix = new Matrix<float>(1, 1);
        int positive = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            new OrthogonalInitializer().Fill(1, 1, RandomKey.FromSeed(seed), matrix.View);
            Assert.Equal(1, Math.Abs(matrix[0, 0]));
            positive += matrix[0, 0] > 0 ? 1 : 0;
        }
        Assert.InRange(positive, 70, 130);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void OrthogonalInitializer_with_an_impossible_gain_is_refused(double gain) =>
        Assert.Contains("finite and above 0", Assert.Throws<ArgumentOutOfRangeException>(() => new OrthogonalInitializer(gain)).Message);
}
