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
        double before = Sum<float>(values), gradient = 0;
        for (int i = 0; i < values.Length; i++)
        {
            // A gradient that is not far below the last place, so that the roundings are as many up as down.
            float g = (float)Math.Sin(i) * 10;
            parameters[0].Gradient.AsSpan()[i] = g;
            gradient += g;
        }
        new Sgd().CreateRuntime(parameters).Step(rate, [new PenaltyGradient(0.002, 0)], 0);
        double found = before - Sum<float>(parameters[0].Value.AsSpan()) - (rate * gradient), expected = rate * 0.002 * before;
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

    public static TheoryData<string, Optimizer, double> Decaying { get; } = new()
    {
        { "momentum", new Sgd { Momentum = 0.9, WeightDecay = 0.002, DecayAppliesTo = ParameterSelection.All }, 1e-5 },
        { "Nesterov", new Sgd { Momentum = 0.9, Nesterov = true, WeightDecay = 0.002 }, 1e-5 },
        { "RMSProp", new RmsProp { WeightDecay = 0.02 }, 1e-5 },
        { "RMSProp with momentum", new RmsProp { Momentum = 0.9, WeightDecay = 0.02 }, 1e-5 },
        { "AdamW", new AdamW { WeightDecay = 0.02 }, 1e-5 },
        { "Lion", new Lion { WeightDecay = 0.02 }, 1e-5 },
    };

    /// <summary>The factor 1 - 2e-7 is 10 % off in float, and 1 - 2e-8 is 1.</summary>
    [Theory]
    [MemberData(nameof(Decaying))]
    public void Optimizer_decoupled_decay_at_a_small_rate_has_its_size_in_float(string name, Optimizer optimizer, double rate)
    {
        const int Steps = 5;
        double expected = Moved<double>(optimizer, rate, Steps) - Moved<double>(Without(optimizer), rate, Steps);
        double found = Moved<float>(optimizer, rate, Steps) - Moved<float>(Without(optimizer), rate, Steps);
        Assert.True(Math.Abs(found - expected) <= 0.05 * Math.Abs(expected), $"{name}: expected {expected:g6}, found {found:g6}");
    }

    [Theory]
    [InlineData(0.999)]
    [InlineData(0.99999)]
    [InlineData(0.999999)]
    [InlineData(0.9999999)]
    [InlineData(0.99999999)]
    public void Adam_and_RmsProp_averages_of_a_share_near_1_are_those_of_double(double share)
    {
        AgreesWithDouble(new Adam { Beta1 = share, Beta2 = share }, 200, 1e-4);
        AgreesWithDouble(new Adam { Beta2 = share }, 200, 1e-4);
        AgreesWithDouble(new RmsProp { Decay = share }, 200, 1e-4);
        AgreesWithDouble(new RmsProp { Momentum = share }, 200, 1e-4);
        AgreesWithDouble(new Sgd { Momentum = share }, 200, 1e-4);
        AgreesWithDouble(new Sgd { Momentum = share, Nesterov = true }, 200, 1e-4);
        AgreesWithDouble(new Lion { Beta1 = share, Beta2 = share }, 200, 1e-4);
    }

    /// <summary>1 - 0.99999 is 0.14 % off in float, which 100,000 steps make an error of as much.</summary>
    [Fact]
    public void Momentum_of_a_share_near_1_fades_as_in_double()
    {
        const int Steps = 100_000;
        Parameter<float>[] parameters = [new("w", ParameterRole.Weights, 1, 64)];
        OptimizerRuntime<float> runtime = new Sgd { Momentum = 0.99999 }.CreateRuntime(parameters);
        Span<float> velocity = runtime.State[0].Value.AsSpan();
        for (int i = 0; i < 64; i++)
            velocity[i] = 0.5f + (i / 128f);
        for (int step = 0; step < Steps; step++)
            runtime.Step(0, [PenaltyGradient.None], step);
        for (int i = 0; i < 64; i++)
            Assert.Equal(1, velocity[i] / ((0.5 + (i / 128.0)) * Math.Pow(0.99999, Steps)), 7e-4);
    }

    [Theory]
    [InlineData(0.999, 6e-5)]
    [InlineData(0.9999, 2e-7)]
    [InlineData(0.999999, 2e-7)]
    [InlineData(0.9999999, 2e-7)]
    [InlineData(0.99999999, 2e-7)]
    public void WeightAverage_of_a_slow_decay_is_that_of_double_rounded(double decay, double tolerance)
    {
        Parameter<float>[] single = [new("v", ParameterRole.Weights, 3, 5), new("w", ParameterRole.Weights, 7, 11)];
        Parameter<double>[] exact = [new("v", ParameterRole.Weights, 3, 5), new("w", ParameterRole.Weights, 7, 11)];
        Set(0);
        WeightAverage<float> average = new WeightAveraging(decay).CreateRuntime<float>(single);
        WeightAverage<double> expected = new WeightAveraging(decay).CreateRuntime<double>(exact);
        for (int step = 0; step < 5000; step++)
        {
            Set(step);
            average.Update(step);
            expected.Update(step);
        }
        for (int p = 0; p < 2; p++)
        {
            for (int i = 0; i < exact[p].Value.Count; i++)
                Assert.Equal(expected.State[p].Value.AsSpan()[i], average.State[p].Value.AsSpan()[i], tolerance);
        }

        void Set(int step)
        {
            for (int p = 0; p < 2; p++)
            {
                Span<float> value = single[p].Value.AsSpan();
                for (int i = 0; i < value.Length; i++)
                {
                    value[i] = (float)(1 + i + p + (step == 0 ? 0 : 0.01 * Math.Sin(step + i)) + (step * 1e-4)) / 80;
                    exact[p].Value.AsSpan()[i] = value[i];
                }
            }
        }
    }

    [Fact]
    public void MaxNorm_of_a_column_whose_squares_leave_float_shortens_it()
    {
        var value = Matrix<float>.FromArray(new[,] { { 3e30f, 3, 3e-30f }, { 4e30f, 4, 4e-30f } });
        new MaxNorm(2).Project<float>(value.View);
        Assert.Equal(1.2, value[0, 0], 1e-6);
        Assert.Equal(1.6, value[1, 0], 1e-6);
        Assert.Equal(1.2, value[0, 1], 1e-6);
        Assert.Equal(3e-30f, value[0, 2]);
        new MaxNorm(2e-30).Project<float>(value.View);
        Assert.Equal(1.2e-30, value[0, 2], 1e-36);
    }

    private static Optimizer Without(Optimizer optimizer) => optimizer switch
    {
        Sgd sgd => sgd with { WeightDecay = 0 },
        RmsProp rmsProp => rmsProp with { WeightDecay = 0 },
        AdamW adamW => adamW with { WeightDecay = 0 },
        Lion lion => lion with { WeightDecay = 0 },
        _ => throw new ArgumentException($"No decay in {optimizer}."),
    };

    /// <summary>By how much the sum of some weights has moved.</summary>
    private static double Moved<T>(Optimizer optimizer, double rate, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Parameter<T>[] parameters = [new("w", ParameterRole.Weights, 100, 1000)];
        Span<T> values = parameters[0].Value.AsSpan();
        for (int i = 0; i < values.Length; i++)
            values[i] = T.CreateChecked(0.5f + (i / (2f * values.Length)));
        double before = Sum<T>(values);
        OptimizerRuntime<T> runtime = optimizer.CreateRuntime(parameters);
        for (int step = 0; step < steps; step++)
        {
            for (int i = 0; i < values.Length; i++)
                parameters[0].Gradient.AsSpan()[i] = T.CreateChecked((float)Math.Sin(i + step) * 10);
            runtime.Step(rate, [PenaltyGradient.None], step);
        }
        return Sum<T>(values) - before;
    }

    private static void AgreesWithDouble(Optimizer optimizer, int steps, double tolerance)
    {
        double[] expected = Train<double>(optimizer, steps), found = Train<float>(optimizer, steps);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(found[i] - expected[i]) <= tolerance * (1 + Math.Abs(expected[i])),
                $"{optimizer}: number {i}: expected {expected[i]:g6}, found {found[i]:g6}");
        }
    }

    private static double[] Train<T>(Optimizer optimizer, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Parameter<T>[] parameters = [new("w", ParameterRole.Weights, 4, 7)];
        for (int i = 0; i < 28; i++)
            parameters[0].Value.AsSpan()[i] = T.CreateChecked(0.1f * i);
        OptimizerRuntime<T> runtime = optimizer.CreateRuntime(parameters);
        for (int step = 0; step < steps; step++)
        {
            for (int i = 0; i < 28; i++)
                parameters[0].Gradient.AsSpan()[i] = T.CreateChecked((float)(0.3 + Math.Sin((i * 3) + step)));
            runtime.Step(0.001, [PenaltyGradient.None], step);
        }
        return [.. parameters[0].Value.AsSpan().ToArray().Select(value => double.CreateChecked(value))];
    }

    private static double Sum<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        foreach (T value in values)
            sum += double.CreateChecked(value);
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
