using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using Xunit;

namespace DeepLearn.Tests.Optimizers;

public class OptimizerOptionTests
{
    [Fact]
    public void Optimizers_with_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd { Momentum = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd { WeightDecay = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp { Epsilon = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { Beta1 = double.NaN });
        Assert.Contains("Beta2", Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW() with { Beta2 = -0.1 }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd().ClippedByNorm(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd().ClippedByValue(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightAveraging(1));
        Assert.Contains(
            "Nesterov",
            Assert.Throws<ArgumentException>(
                () => new Sgd { Nesterov = true }.CreateRuntime(OptimizerContractTests.Make<float>(1))).Message);
        var slip = new AdamW { DecayAppliesTo = ParameterSelection.Weights with { Only = ["dens1/*"] } };
        Assert.Contains(
            "dens1/*", Assert.Throws<ArgumentException>(() => slip.CreateRuntime(OptimizerContractTests.Make<float>(1))).Message);
    }

    [Fact]
    public void Optimizer_keeps_no_state_that_it_does_not_use()
    {
        Optimizer frozen = new Sgd().WithRules([new("dense1/*") { Freezes = true }]).WithLookahead();
        Assert.Equal(["dense2/weights/slow"], Names(frozen));
        Assert.Equal(3, Names(new RmsProp()).Length);
        Assert.Equal(6, Names(new RmsProp { Momentum = 0.5 }).Length);

        static string[] Names(Optimizer optimizer) =>
            [.. optimizer.CreateRuntime(OptimizerContractTests.Make<float>(1)).State.Select(buffer => buffer.Name)];
    }

    [Fact]
    public void Optimizer_is_a_value_with_equality()
    {
        Assert.Equal(new Sgd { Momentum = 0.9 }.ClippedByNorm(1), new Sgd { Momentum = 0.9 }.ClippedByNorm(1));
        Assert.NotEqual(new Adam(), new Adam { Beta1 = 0.8 });
        Assert.Equal(new AdamW { WeightDecay = 0.1 }, new AdamW() with { WeightDecay = 0.1 });
    }

    [Fact]
    public void Lion_weight_decay_reaches_only_the_selected_parameters()
    {
        IReadOnlyList<Parameter<double>> parameters = OptimizerContractTests.Make<double>(3);
        var decay = new Lion
        {
            WeightDecay = 0.5,
            DecayAppliesTo = new ParameterSelection { Roles = [ParameterRole.Weights, ParameterRole.Biases], Except = ["dense2/*"] }
        };
        double[] before = [parameters[0].Value[0, 0], parameters[1].Value[0, 0], parameters[2].Value[0, 0]];
        foreach (Parameter<double> parameter in parameters)
            parameter.Gradient.AsSpan().Clear();
        decay.CreateRuntime(parameters).Step(0.1, new PenaltyGradient[3], 0);
        Assert.Equal(0.95 * before[0], parameters[0].Value[0, 0], 1e-15);
        Assert.Equal(0.95 * before[1], parameters[1].Value[0, 0], 1e-15);
        Assert.Equal(before[2], parameters[2].Value[0, 0]);
    }

    [Fact]
    public void ClippedByNorm_leaves_an_infinite_gradient_infinite()
    {
        IReadOnlyList<Parameter<double>> parameters = OptimizerContractTests.Make<double>(3);
        foreach (Parameter<double> parameter in parameters)
            parameter.Gradient.AsSpan().Fill(2);
        parameters[1].Gradient[0, 0] = double.PositiveInfinity;
        new Sgd().ClippedByNorm(1).CreateRuntime(parameters).Step(0.1, new PenaltyGradient[3], 0);
        Assert.Equal(double.NegativeInfinity, parameters[1].Value[0, 0]);
        Assert.Equal(2, parameters[0].Gradient[0, 0]);
    }

    [Fact]
    public void ClippedByNorm_of_a_gradient_whose_squares_overflow_is_shortened()
    {
        IReadOnlyList<Parameter<float>> parameters = OptimizerContractTests.Make<float>(3);
        foreach (Parameter<float> parameter in parameters)
            parameter.Gradient.AsSpan().Fill(1e30f);
        new Sgd().ClippedByNorm(1).CreateRuntime(parameters).Step(0.1, new PenaltyGradient[3], 0);
        Assert.Equal(1 / Math.Sqrt(35 + 5 + 105), parameters[2].Gradient[4, 20], 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WeightAveraging_average_equals_its_definition_at_every_step(bool ramp)
    {
        IReadOnlyList<Parameter<double>> parameters = OptimizerContractTests.Make<double>(3);
        var buffer = new StateBuffer<double>("norm/mean", new(1, 4));
        WeightAverage<double> average = new WeightAveraging(0.8) { Ramp = ramp }.CreateRuntime(parameters, [buffer]);
        double weight = parameters[2].Value[4, 20], expected = weight, mean = 0;
        for (int step = 0; step < 20; step++)
        {
            parameters[2].Value[4, 20] = weight = Math.Sin(step);
            buffer.Value[0, 3] = step;
            average.Update(step);
            double decay = ramp ? Math.Min(0.8, (1.0 + step) / (10 + step)) : 0.8;
            expected = (decay * expected) + ((1 - decay) * weight);
            mean = (decay * mean) + ((1 - decay) * step);
        }
        Assert.Equal(
            ["dense1/weights/average", "dense1/biases/average", "dense2/weights/average", "norm/mean/average"],
            average.State.Select(state => state.Name));
        Assert.Equal(expected, average.State[2].Value[4, 20], 1e-14);
        average.Swap();
        Assert.Equal(expected, parameters[2].Value[4, 20], 1e-14);
        Assert.Equal(mean, buffer.Value[0, 3], 1e-13);
        Assert.Throws<InvalidOperationException>(() => average.Update(20));
        Assert.Throws<InvalidOperationException>(average.CopyToModel);
        average.Swap();
        Assert.Equal(weight, parameters[2].Value[4, 20]);
        Assert.Equal(0, Allocation.Of(() => average.Update(20)));
        average.CopyToModel();
        Assert.Equal(average.State[2].Value[4, 20], parameters[2].Value[4, 20]);
    }
}
