using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Regularizers;

public class RegularizerOptionTests
{
    [Fact]
    public void MaxNorm_projection_shortens_columns_that_are_too_long()
    {
        Matrix<double> value = Matrix<double>.FromArray(new[,] { { 3.0, 0.3, 0 }, { -4, 0.4, 0 } });
        new MaxNorm(2).Project<double>(value);
        double[] expected = [1.2, 0.3, 0, -1.6, 0.4, 0];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], value.AsSpan()[i], 1e-15);

        // More columns than a block.
        var wide = new Matrix<float>(5, 600);
        wide.View.Fill(2);
        new MaxNorm(1).Project<float>(wide);
        Assert.All(wide.AsSpan().ToArray(), w => Assert.Equal(1 / Math.Sqrt(5), w, 1e-6));
    }

    [Fact]
    public void L1_gradient_at_zero_is_zero()
    {
        var value = new Matrix<double>(1, 2);
        value[0, 1] = -0.0;
        var gradient = new Matrix<double>(1, 2);
        gradient.View.Fill(5);
        new L1(1).AddGradient<double>(value, gradient);
        Assert.Equal([5, 5], gradient.AsSpan().ToArray());
    }

    [Fact]
    public void Regularizer_sum_applies_each_part_to_its_own_selection()
    {
        Parameter<double>[] parameters = RegularizerContractTests.MakeParameters();
        Regularizer regularizer = new L2(0.5) { AppliesTo = ParameterSelection.All }
            + new L1(0.25) { AppliesTo = ParameterSelection.Weights with { Only = ["dense2/*"] } }
            + new L2(1) { AppliesTo = new() { Roles = [ParameterRole.Biases, ParameterRole.NormalizationScale], Except = ["norm*"] } };
        var runtime = new Regularization<double>(regularizer, parameters);
        Assert.Equal([new(1, 0), new(3, 0), new(1, 0.25), new(1, 0)], runtime.Gradients.ToArray());
        double Squares(int i) => parameters[i].Value.AsSpan().ToArray().Sum(w => w * w);
        double expected = (0.5 * Enumerable.Range(0, 4).Sum(Squares)) + (0.25 * parameters[2].Value.AsSpan().ToArray().Sum(Math.Abs))
            + Squares(1);
        Assert.Equal(expected, runtime.Penalty(), 1e-12);
        Assert.Equal(expected, regularizer.TotalPenalty(parameters), 1e-12);
    }

    [Fact]
    public void Regularizers_with_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new L1(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new L2(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ElasticNet(0, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxNorm(0));
        var slip = new L2(1) { AppliesTo = ParameterSelection.Weights with { Except = ["dens2/*"] } };
        string message = Assert.Throws<ArgumentException>(
            () => new Regularization<double>(slip, RegularizerContractTests.MakeParameters())).Message;
        Assert.Contains("dens2/*", message);
        Assert.Contains("dense2/weights", message);
    }

    [Fact]
    public void Regularizer_is_a_value_with_equality_and_a_printed_name()
    {
        Assert.Equal(new L1(1) + new MaxNorm(3), new L1(1) + new MaxNorm(3));
        Assert.NotEqual<Regularizer>(new L1(1), new L1(1) { AppliesTo = ParameterSelection.All });
        Assert.Equal("L2 { Lambda = 0.5 }", new L2(0.5).ToString());
        Assert.Equal(new L2(2), (new L2(2) + Regularizer.None).Split().Single());
    }
}
