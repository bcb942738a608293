using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Testing;
using Xunit;

namespace DeepLearn.Tests.Optimizers;

/// <summary>Rules for selections of parameters.</summary>
public class ParameterRuleTests
{
    private static readonly PenaltyGradient[] Penalties = [new(0.03, 0.02), default, new(0.1, 0.3)];

    private static Optimizer Momentum => new Sgd { Momentum = 0.9 };

    [Fact]
    public void WithRules_frozen_parameter_keeps_the_contract_of_optimizers()
    {
        OptimizerContract.Check(Momentum.WithRules([new("dense1/biases") { Freezes = true }])).ThrowIfFailed();
        OptimizerContract.Check(new Sgd().WithRules([new("dense2/*") { RateFactor = 3 }])).ThrowIfFailed();
        OptimizerContract.Check(
            new AdamW().WithRules([new("dense1/biases") { Freezes = true }]).ClippedByNorm(0.5).ClippedByValue(0.2)).ThrowIfFailed();
    }

    [Fact]
    public void WithRules_groups_of_plain_descent_let_products_make_their_steps()
    {
        Optimizer plain = new Sgd().WithRules([new("dense1/biases") { Freezes = true }, new("dense2/*") { RateFactor = 3 }]);
        OptimizerRuntime<double> runtime = plain.CreateRuntime(OptimizerContractTests.Make<double>(1));
        IAccumulatingOptimizer<double> accumulating = Assert.IsAssignableFrom<IAccumulatingOptimizer<double>>(runtime);
        Assert.True(accumulating.TryGetDirectUpdate(2, 0.01, default, out double scale, out double keep));
        Assert.Equal((-0.03, 1), (scale, keep));
        Assert.False(accumulating.TryGetDirectUpdate(1, 0.01, default, out _, out _));
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(runtime.Updates));
        Assert.IsNotAssignableFrom<IAccumulatingOptimizer<double>>(
            Momentum.WithRules([new("dense2/*") { Optimizer = new Sgd() }]).CreateRuntime(OptimizerContractTests.Make<double>(1)));
    }

    [Fact]
    public void WithRules_first_rule_decides_and_each_group_has_its_rate_decay_and_optimizer()
    {
        Optimizer ruled = Momentum.WithRules(
        [
            new("dense1/biases") { Freezes = true },
            new("dense1/*") { RateFactor = 0.25, WeightDecay = 0.4 },
            new(ParameterSelection.All) { Optimizer = new Lion() },
        ]);
        IReadOnlyList<Parameter<double>> found = OptimizerContractTests.Make<double>(5), biases = OptimizerContractTests.Make<double>(5);
        IReadOnlyList<Parameter<double>> first = OptimizerContractTests.Make<double>(5), last = OptimizerContractTests.Make<double>(5);
        OptimizerRuntime<double> runtime = ruled.CreateRuntime(found);
        OptimizerRuntime<double> one = new Sgd { Momentum = 0.9, WeightDecay = 0.4 }.CreateRuntime(first);
        OptimizerRuntime<double> other = new Lion().CreateRuntime(last);
        for (int step = 0; step < 4; step++)
        {
            foreach (IReadOnlyList<Parameter<double>> parameters in new[] { found, first, last })
            {
                foreach (Parameter<double> parameter in parameters)
                    parameter.Gradient.View.Fill(Math.Sin(step));
            }
            runtime.Step(0.1, Penalties, step);
            one.Step(0.025, Penalties, step);
            other.Step(0.1, Penalties, step);
        }
        Assert.Equal(first[0].Value.AsSpan().ToArray(), found[0].Value.AsSpan().ToArray());
        Assert.Equal(biases[1].Value.AsSpan().ToArray(), found[1].Value.AsSpan().ToArray());
        Assert.Equal(last[2].Value.AsSpan().ToArray(), found[2].Value.AsSpan().ToArray());
        Assert.Equal(["dense1/weights/velocity", "dense2/weights/momentum"], runtime.State.Select(state => state.Name));
    }

    [Fact]
    public void WithRules_clipping_takes_the_gradient_of_all_that_is_updated()
    {
        Optimizer ruled = new Sgd().ClippedByNorm(1).WithRules(
            [new("dense1/biases") { Freezes = true }, new("dense2/*") { RateFactor = 2 }]);
        Assert.IsType<NormClipping>(ruled);
        IReadOnlyList<Parameter<double>> parameters = OptimizerContractTests.Make<double>(5);
        double before = parameters[2].Value[0, 0];
        parameters[0].Gradient.View.Fill(2);
        parameters[2].Gradient.View.Fill(2);
        ruled.CreateRuntime(parameters).Step(0.1, new PenaltyGradient[3], 0);
        Assert.False(parameters[1].HasGradient);
        Assert.Equal(before - (0.2 / Math.Sqrt(35 + 105)), parameters[2].Value[0, 0], 1e-15);
    }

    [Fact]
    public void WithRules_of_ruled_optimizer_decide_before_those_that_there_were()
    {
        Optimizer both = Momentum.WithRules([new("dense1/*") { RateFactor = 2 }]).WithRules([new("dense1/biases") { Freezes = true }]);
        Assert.Equal(
            Momentum.WithRules([new("dense1/biases") { Freezes = true }, new("dense1/*") { RateFactor = 2 }]), both);
        Assert.Same(both, both.WithRules([]));
        Optimizer plain = Momentum;
        Assert.Same(plain, plain.WithRules([]));
    }

    [Fact]
    public void Rules_that_cannot_be_are_refused()
    {
        Refuse<ArgumentOutOfRangeException>("RateFactor", () => new ParameterRule("a") { RateFactor = 0 });
        Refuse<ArgumentOutOfRangeException>("WeightDecay", () => new ParameterRule("a") { WeightDecay = -1 });
        Refuse<ArgumentException>("at least one pattern", () => new ParameterRule(Array.Empty<string>()));
        Refuse<ArgumentException>("found none", () => new GroupedOptimizer(Momentum, []));
        Refuse<ArgumentException>("neither rate factor", () => Momentum.WithRules([new("a") { Freezes = true, RateFactor = 2 }]));
        Refuse<ArgumentException>("neither rate factor", () => Momentum.WithRules([new("a") { Freezes = true, WeightDecay = 0 }]));
        Refuse<ArgumentException>("Adam has no weight decay", () => new Adam().WithRules([new("a") { WeightDecay = 0.1 }]));
        RefuseToRun("dens1/*", new ParameterRule("dens1/*") { Freezes = true });
        RefuseToRun("Rule 2 of 2", new ParameterRule("dense1/*") { RateFactor = 2 }, new ParameterRule("dense1/biases") { Freezes = true });
        RefuseToRun("Rule 1 of 1", new ParameterRule(new ParameterSelection { Roles = [ParameterRole.NormalizationScale] }));
        RefuseToRun("nothing to train", new ParameterRule("*") { Freezes = true });

        static void Refuse<TException>(string part, Func<object> make)
            where TException : ArgumentException => Assert.Contains(part, Assert.Throws<TException>(() => make()).Message);

        static void RefuseToRun(string part, params ParameterRule[] rules) => Assert.Contains(part, Assert.Throws<ArgumentException>(
            () => Momentum.WithRules([.. rules]).CreateRuntime(OptimizerContractTests.Make<float>(1))).Message);
    }
}
