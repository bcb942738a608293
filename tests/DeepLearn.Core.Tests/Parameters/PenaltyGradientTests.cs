using DeepLearn.Parameters;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Parameters;

public class PenaltyGradientTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0)]
    [InlineData(0, 0.25)]
    [InlineData(0.5, 0.25)]
    public void PenaltyGradient_terms_are_added_to_a_gradient_also_within_a_larger_matrix(double linear, double sign)
    {
        Matrix<double> wide = Matrix<double>.FromArray(new[,] { { 9, 3, -2, 0 }, { 9, -0.0, 1, -4 } });
        Matrix<double> gradient = new(2, 3), cut = new(3, 5);
        gradient.View.Fill(7);
        cut.View.Fill(7);
        ReadOnlyMatrixView<double> value = wide.View.Slice(0, 1, 2, 3);
        var contiguous = Matrix<double>.CopyOf(value);
        new PenaltyGradient(linear, sign).AddTo<double>(contiguous, gradient);
        new PenaltyGradient(linear, sign).AddTo(value, cut.View.Slice(1, 2, 2, 3));
        for (int row = 0; row < 2; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                double w = value[row, column], expected = 7 + (linear * w) + (sign * Math.Sign(w));
                Assert.Equal(expected, gradient[row, column]);
                Assert.Equal(expected, cut[row + 1, column + 2]);
            }
        }
        Assert.All([cut[0, 3], cut[1, 1], cut[2, 0]], outside => Assert.Equal(7, outside));
    }

    [Fact]
    public void PenaltyGradient_sum_adds_factors_and_keeps_other_terms()
    {
        Assert.Equal(new PenaltyGradient(3, 5), new PenaltyGradient(1, 5) + new PenaltyGradient(2, 0));
        Assert.True((PenaltyGradient.Other + new PenaltyGradient(1, 0)).HasOther);
        Assert.Equal(PenaltyGradient.None, PenaltyGradient.None + PenaltyGradient.None);
    }

    [Fact]
    public void PenaltyGradient_of_another_shape_is_refused_and_writes_nothing()
    {
        Matrix<float> value = new(2, 3), gradient = new(3, 2);
        value.View.Fill(1);
        string message = Assert.Throws<ArgumentException>(() => new PenaltyGradient(1, 1).AddTo<float>(value, gradient)).Message;
        Assert.Contains("[2, 3]", message);
        Assert.Contains("[3, 2]", message);
        Assert.All(gradient.AsSpan().ToArray(), g => Assert.Equal(0, g));
    }
}
