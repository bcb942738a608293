using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Optimizers;

/// <summary>A decay that float cannot hold in one factor near 1 is not folded into one: float against double.</summary>
public class SmallDecayTests
{
    [Theory]
    [InlineData(1e-5)]
    [InlineData(2e-5)]
    [InlineData(1e-4)]
    [InlineData(1e-3)]
    [InlineData(0.1)]
    public void Sgd_decay_at_a_small_rate_has_its_size_in_float(double rate)
    {
        // Values of many sizes around a power of two, so that what is below the last place of one is not below that of all.
        Parameter<float>[] parameters = [new("w", ParameterRole.Weights, 100, 1000)];
        Span<float> values = parameters[0].Value.AsSpan();
        for (int i = 0; i < values.Length; i++)
            values[i] = 0.5f + (i / (2f * values.Length));
        double before = Sum(values), gradient = 0;
        for (int i = 0; i < values.Length; i++)
        {
            // A gradient that is not far below the last place, so that the roundings are as many up as down.
            float g = (float)Math.Sin(i) * 10;
            parameters[0].Gradient.AsSpan()[i] = g;
            gradient += g;
        }
        new Sgd().CreateRuntime(parameters).Step(rate, [new PenaltyGradient(0.002, 0)], 0);
        double found = before - Sum(parameters[0].Value.AsSpan()) - (rate * gradient), expected = rate * 0.002 * before;
        Assert.Equal(expected, found, 0.05 * expected);
    }

    [Fact]
    public void Sgd_step_is_direct_where_the_factor_is_exact_enough_and_agrees_with_double_at_every_rate()
    {
        Model<float> single = Build<float>();
        Model<double> exact = Build<double>();
        var step = new TrainingStep<float>(single, new SoftmaxCrossEntropy(), new L2(0.001), new Sgd(), 3);
        var reference = new TrainingStep<double>(exact, new SoftmaxCrossEntropy(), new L2(0.001), new Sgd(), 3);
        double[] rates = [0.1, 1e-5, 0.3, 1e-3, 1e-5, 0.2];
        for (int i = 0; i < rates.Length; i++)
        {
            step.Run(Examples<float>(), Targets<float>.FromLabels([0, 1, 2]), rates[i], i, default);
            reference.Run(Examples<double>(), Targets<double>.FromLabels([0, 1, 2]), rates[i], i, default);
        }
        for (int i = 0; i < exact.Parameters.Count; i++)
        {
            for (int j = 0; j < exact.Parameters[i].Value.Count; j++)
                Assert.Equal(exact.Parameters[i].Value.AsSpan()[j], single.Parameters[i].Value.AsSpan()[j], 1e-6);
        }
        long steps = rates.Length;
        Matrix<float> examples = Examples<float>();
        int[] labels = [0, 1, 2];
        Assert.Equal(0, Allocation.Of(() =>
        {
            step.Run(examples, Targets<float>.FromLabels(labels), steps % 2 == 0 ? 1e-5 : 0.1, steps++, default);
        }));
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum;
    }

    private static Model<T> Build<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Model<double> from = new Sequential(new Dense(8), new Tanh(), new Dense(3)).Build<double>(5, seed: 1);
        Model<T> to = new Sequential(new Dense(8), new Tanh(), new Dense(3)).Build<T>(5, seed: 1);
        for (int i = 0; i < from.Parameters.Count; i++)
        {
            for (int j = 0; j < from.Parameters[i].Value.Count; j++)
                to.Parameters[i].Value.AsSpan()[j] = T.CreateChecked((float)from.Parameters[i].Value.AsSpan()[j]);
        }
        return to;
    }

    private static Matrix<T> Examples<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var examples = new Matrix<T>(3, 5);
        for (int i = 0; i < examples.Count; i++)
            examples.AsSpan()[i] = T.CreateChecked((float)Math.Sin(i));
        return examples;
    }
}
