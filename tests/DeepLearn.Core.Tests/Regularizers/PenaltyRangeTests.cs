using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Regularizers;

/// <summary>Sums of squares and magnitudes that leave the range of float, and long ones, against double.</summary>
public class PenaltyRangeTests
{
    [Theory]
    [InlineData(1e20f)]
    [InlineData(3e38f)]
    [InlineData(1e-22f)]
    [InlineData(1e-30f)]
    public void Penalty_of_weights_whose_squares_leave_float_is_that_of_double(float weight)
    {
        var value = new Matrix<float>(30, 20);
        value.View.Fill(weight);
        double magnitudes = 600.0 * weight, squares = magnitudes * weight;
        Assert.Equal(0.1 * squares, new L2(0.1).Penalty<float>(value), 1e-6 * 0.1 * squares);
        Assert.Equal(0.1 * magnitudes, new L1(0.1).Penalty<float>(value), 1e-6 * 0.1 * magnitudes);
        Assert.Equal(0.1 * squares, new L2(0.1).Penalty<float>(value.View.Slice(0, 0, 30, 19)) * 20 / 19, 1e-6 * 0.1 * squares);
    }

    [Fact]
    public void Penalty_of_ten_million_weights_is_that_of_double()
    {
        var value = new Matrix<float>(10_000, 1000);
        for (int i = 0; i < value.Count; i++)
            value.AsSpan()[i] = 0.1f + ((i % 7) * 1e-3f);
        double squares = 0, magnitudes = 0;
        foreach (float weight in value.AsSpan())
            (squares, magnitudes) = (squares + ((double)weight * weight), magnitudes + weight);
        double bound = 72 * Math.ScaleB(1, -24);
        Assert.Equal(squares, new L2(1).Penalty<float>(value), bound * squares);
        Assert.Equal(magnitudes, new L1(1).Penalty<float>(value), bound * magnitudes);
    }

    [Theory]
    [InlineData(1f, 1_000_000)]
    [InlineData(0.3f, 3_000_001)]
    [InlineData(1e25f, 1000)]
    [InlineData(2e-22f, 1000)]
    public void NormClipping_shortens_a_gradient_of_any_size_to_its_maximum(float size, int count)
    {
        Parameter<float>[] parameters = [new("a", ParameterRole.Weights, 1, count), new("b", ParameterRole.Biases, 1, 3)];
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            parameters[0].Gradient.AsSpan()[i] = size * (1 + (0.5f * MathF.Sin(i)));
            sum += Math.Pow(parameters[0].Gradient.AsSpan()[i], 2);
        }
        double length = Math.Sqrt(sum), maximum = length / 3;
        OptimizerRuntime<float> runtime = new NormClipping(new Sgd(), maximum).CreateRuntime(parameters);
        runtime.Step(1 / maximum, [PenaltyGradient.None, PenaltyGradient.None], 0);
        double clipped = 0;
        foreach (float value in parameters[0].Value.AsSpan())
            clipped += (double)value * value;
        Assert.Equal(1, Math.Sqrt(clipped), 72 * Math.ScaleB(1, -24));
    }

    [Theory]
    [InlineData(1_000_000, 0.01f)]
    [InlineData(100, 3e30f)]
    [InlineData(100, 3e-25f)]
    public void MaxNorm_of_a_long_column_has_exactly_the_maximum(int rows, float size)
    {
        var value = new Matrix<float>(rows, 3);
        for (int i = 0; i < value.Count; i++)
            value.AsSpan()[i] = size * (1 + (0.5f * MathF.Sin(i)));
        double maximum = size * Math.Sqrt(rows) / 2;
        new MaxNorm(maximum).Project<float>(value.View);
        for (int j = 0; j < 3; j++)
        {
            double sum = 0;
            for (int i = 0; i < rows; i++)
                sum += Math.Pow(value[i, j], 2);
            double error = Math.Abs((Math.Sqrt(sum) / maximum) - 1);
            Assert.True(error < (257 + (rows / 256.0)) * Math.ScaleB(1, -25), $"column {j} is off by {error:g3}");
        }
    }
}
