using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>Normalization of finite numbers whose squares leave the range of float, and averages that move slowly.</summary>
public class NormalizationRangeTests
{
    [Theory]
    [InlineData(1e20f)]
    [InlineData(1e38f)]
    public void LayerNorm_of_numbers_whose_squares_leave_float_has_mean_0_and_variance_1(float size)
    {
        var row = new Matrix<float>(2, 40);
        for (int i = 0; i < 40; i++)
            (row[0, i], row[1, i]) = (size * MathF.Sin(i), MathF.Sin(i));
        ReadOnlySpan<float> found = new LayerNorm().Build<float>(40, 1).Predict(row).AsSpan();
        for (int i = 0; i < 40; i++)
            Assert.Equal(found[40 + i], found[i], 1e-4f);
    }

    [Theory]
    [InlineData(1e20f)]
    [InlineData(1e38f)]
    public void BatchNorm_of_numbers_whose_squares_leave_float_has_mean_0_and_variance_1(float size)
    {
        var examples = new Matrix<float>(50, 2);
        for (int i = 0; i < 50; i++)
            (examples[i, 0], examples[i, 1]) = (size * MathF.Sin(i), MathF.Sin(i));
        Model<float> model = new BatchNorm().Build<float>(2, 1);
        ReadOnlyMatrixView<float> found = model.CreateWorkspace(50, RunMode.Training).Forward(examples);
        for (int i = 0; i < 50; i++)
            Assert.Equal(found[i, 1], found[i, 0], 1e-4f);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.999)]
    [InlineData(0.99999)]
    [InlineData(0.9999999)]
    public void BatchNorm_moving_averages_of_a_slow_momentum_are_those_of_double(double momentum)
    {
        double[] found = Averages<float>(momentum), expected = Averages<double>(momentum);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 2e-5 * Math.Min(1, (1 - momentum) * 2000) * Math.Abs(expected[i]) + 1e-7);
    }

    private static double[] Averages<T>(double momentum)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = new BatchNorm { Momentum = momentum }.Build<T>(1, 1);
        ModelWorkspace<T> workspace = model.CreateWorkspace(8, RunMode.Training);
        var examples = new Matrix<T>(8, 1);
        for (int step = 0; step < 2000; step++)
        {
            for (int i = 0; i < 8; i++)
                examples[i, 0] = T.CreateChecked((float)(30 + (5 * Math.Sin((step * 8) + i))));
            workspace.Forward(examples);
        }
        return [.. model.Buffers.Take(2).Select(buffer => double.CreateChecked(buffer.Value[0, 0]))];
    }
}
