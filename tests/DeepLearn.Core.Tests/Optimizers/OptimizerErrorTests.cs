using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Optimizers;

/// <summary>What an optimizer cannot work with is refused with its name, what was expected and what was found.</summary>
public class OptimizerErrorTests
{
    private const double Infinity = double.PositiveInfinity;

    public static TheoryData<string, object, string, Func<object>> Impossible => new()
    {
        { "Momentum", 1.0, "Momentum is at least 0 and below 1.", () => new Sgd { Momentum = 1 } },
        { "Momentum", -0.1, "Momentum is at least 0 and below 1.", () => new RmsProp { Momentum = -0.1 } },
        { "Momentum", 1.0, "Momentum is at least 0 and below 1.", () => new Muon { Momentum = 1 } },
        { "Decay", 1.0, "Decay is at least 0 and below 1.", () => new RmsProp { Decay = 1 } },
        { "Decay", 1.0, "Decay is at least 0 and below 1.", () => new WeightAveraging(1) },
        { "Beta1", 1.0, "Beta1 is at least 0 and below 1.", () => new Adam { Beta1 = 1 } },
        { "Beta2", 1.0, "Beta2 is at least 0 and below 1.", () => new Adam { Beta2 = 1 } },
        { "Beta1", 1.0, "Beta1 is at least 0 and below 1.", () => new AdamW { Beta1 = 1 } },
        { "Beta1", 1.0, "Beta1 is at least 0 and below 1.", () => new Lion { Beta1 = 1 } },
        { "Beta2", double.NaN, "Beta2 is at least 0 and below 1.", () => new Lion { Beta2 = double.NaN } },
        { "Epsilon", 0.0, "Epsilon is finite and above 0.", () => new Adam { Epsilon = 0 } },
        { "Epsilon", Infinity, "Epsilon is finite and above 0.", () => new AdamW { Epsilon = Infinity } },
        { "Epsilon", -1.0, "Epsilon is finite and above 0.", () => new RmsProp { Epsilon = -1 } },
        { "WeightDecay", -1.0, "WeightDecay is finite and at least 0.", () => new Sgd { WeightDecay = -1 } },
        { "WeightDecay", Infinity, "WeightDecay is finite and at least 0.", () => new AdamW { WeightDecay = Infinity } },
        { "WeightDecay", -1.0, "WeightDecay is finite and at least 0.", () => new Lion { WeightDecay = -1 } },
        { "WeightDecay", -1.0, "WeightDecay is finite and at least 0.", () => new Muon { WeightDecay = -1 } },
        { "WeightDecay", -1.0, "WeightDecay is finite and at least 0.", () => new RmsProp { WeightDecay = -1 } },
        { "WeightDecay", -1.0, "WeightDecay is finite and at least 0.", () => new ParameterRule("a") { WeightDecay = -1 } },
        { "RateFactor", 0.0, "RateFactor is finite and above 0.", () => new ParameterRule("a") { RateFactor = 0 } },
        { "decay", -1.0, "decay is finite and at least 0.", () => new Adam().WithWeightDecay(-1) },
        { "decay", -1.0, "decay is finite and at least 0.", () => new DecoupledDecay<float>(-1, ParameterSelection.All, []) },
        { "Maximum", 0.0, "Maximum is finite and above 0.", () => new Sgd().ClippedByNorm(0) },
        { "Limit", Infinity, "Limit is finite and above 0.", () => new Sgd().ClippedByValue(Infinity) },
        { "Iterations", 0, "The number of iterations is from 1 to 20.", () => new Muon { Iterations = 0 } },
        { "Iterations", 21, "The number of iterations is from 1 to 20.", () => new Muon { Iterations = 21 } },
        { "Scale", (MuonScale)9, "A scale is Outputs, LikeAdam or None.", () => new Muon { Scale = (MuonScale)9 } },
        { "Share", 0.0, "The share is above 0 and at most 1.", () => new Sgd().WithLookahead(5, 0) },
        { "Share", 1.5, "The share is above 0 and at most 1.", () => new Sgd().WithLookahead(5, 1.5) },
        { "Steps", 0, "Steps", () => new Sgd().WithLookahead(0) },
    };

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void Optimizer_option_that_cannot_be_is_named_with_the_value_and_what_it_takes(
        string name, object found, string expected, Func<object> make)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(make);
        Assert.Equal(name, error.ParamName);
        Assert.Equal(found, error.ActualValue);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<Optimizer> BeyondFloat =>
    [
        new Adam { Epsilon = 1e-46 }, new Adam { Epsilon = 1e39 }, new AdamW { Epsilon = 1e-46, WeightDecay = 0 },
        new RmsProp { Epsilon = 1e-46 },
        new RmsProp { Epsilon = 1e-46, Momentum = 0.9 }, new Sgd().ClippedByValue(1e-46), new Sgd().WithLookahead(5, 1e-46),
        new Sgd().ClippedByNorm(1).WithRules([new("*") { Optimizer = new Adam { Epsilon = 1e-46 } }]),
    ];

    [Theory]
    [MemberData(nameof(BeyondFloat))]
    public void Optimizer_option_that_is_0_or_infinite_in_the_precision_of_the_parameters_is_refused(Optimizer optimizer)
    {
        Assert.Contains("in the precision of the weights too", Assert.Throws<ArgumentException>(
            () => optimizer.CreateRuntime<float>([Parameter<float>()])).Message);
        OptimizerRuntime<double> runtime = optimizer.CreateRuntime<double>([Parameter<double>()]);
        runtime.Step(0.1, new PenaltyGradient[1], 0);
        Assert.All(runtime.Parameters[0].Value.AsSpan().ToArray(), number => Assert.Equal(1, number));
    }

    /// <summary>The smallest number of a float still keeps from a division by 0.</summary>
    [Fact]
    public void Optimizer_with_the_smallest_epsilon_leaves_a_weight_without_gradient_as_it_is()
    {
        foreach (Optimizer optimizer in new Optimizer[] { new Adam { Epsilon = 1e-45 }, new RmsProp { Epsilon = 1e-45 } })
        {
            OptimizerRuntime<float> runtime = optimizer.CreateRuntime<float>([Parameter<float>()]);
            runtime.Step(0.1, new PenaltyGradient[1], 0);
            Assert.All(runtime.Parameters[0].Value.AsSpan().ToArray(), number => Assert.Equal(1, number));
        }
    }

    private static Parameter<T> Parameter<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var parameter = new Parameter<T>("w", ParameterRole.Weights, 3, 20);
        parameter.Value.AsSpan().Fill(T.One);
        return parameter;
    }

    [Fact]
    public void Optimizers_take_the_borders_of_their_options()
    {
        Assert.Equal(0, new Adam { Beta1 = 0, Beta2 = 0 }.Beta2);
        Assert.Equal((1, 20), (new Muon { Iterations = 1 }.Iterations, new Muon { Iterations = 20 }.Iterations));
        Assert.Equal((1, 1.0), (new Sgd().WithLookahead(1, 1).Steps, new Sgd().WithLookahead(1, 1).Share));
        Assert.Equal(0, new WeightAveraging(0).DecayAt(5));
        var adam = new Adam();
        Assert.Same(adam, adam.WithWeightDecay(0));
    }

    [Fact]
    public void Optimizers_have_the_defaults_that_their_documentation_names()
    {
        Assert.Equal((0.9, 0.999, 1e-8), (new Adam().Beta1, new Adam().Beta2, new Adam().Epsilon));
        Assert.Equal(new AdamW { Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, WeightDecay = 0.01 }, new AdamW());
        Assert.Equal(new Lion { Beta1 = 0.9, Beta2 = 0.99, WeightDecay = 0 }, new Lion());
        Assert.Equal(new RmsProp { Decay = 0.9, Epsilon = 1e-8, Momentum = 0, WeightDecay = 0 }, new RmsProp());
        Assert.Equal(new Sgd { Momentum = 0, Nesterov = false, WeightDecay = 0 }, new Sgd());
        Assert.Equal(new Muon { Momentum = 0.95, Nesterov = true, Iterations = 5, Scale = MuonScale.Outputs }, new Muon());
        Assert.Equal((5, 0.5), (new Sgd().WithLookahead().Steps, new Sgd().WithLookahead().Share));
        Assert.Equal((0.999, false), (new WeightAveraging().Decay, new WeightAveraging().Ramp));
    }

    [Fact]
    public void Optimizers_made_of_nothing_are_refused_by_the_name_of_what_is_absent()
    {
        Parameter<float>[] hole = [null!];
        Absent("Inner", () => new Lookahead(null!));
        Absent("Inner", () => new NormClipping(null!, 1));
        Absent("Inner", () => new ValueClipping(null!, 1));
        Absent("inner", () => new GroupedOptimizer(null!, [new("a")]));
        Absent("rules", () => new GroupedOptimizer(new Sgd(), null!));
        Absent("rules", () => new Sgd().WithRules(null!));
        Absent("rules", () => new Sgd().WithRules([new("a")]).WithRules(null!));
        Absent("parameters", () => new Sgd().WithRules([new("a")]).CreateRuntime<float>(null!));
        Absent("selection", () => new ParameterRule((ParameterSelection)null!));
        Absent("patterns", () => new ParameterRule((string[])null!));
        Absent("patterns", () => new ParameterRule("a", null!));
        Absent("Selection", () => new ParameterRule("a") { Selection = null! });
        Absent("parameters", () => new Adam().CreateRuntime<float>(null!));
        Absent("parameters", () => new WeightAveraging().CreateRuntime<float>(null!));
        Absent("parameters", () => new WeightAveraging().CreateRuntime(hole));
        Absent("buffers", () => new WeightAveraging().CreateRuntime(OptimizerContractTests.Make<float>(1), [null!]));
        Absent("appliesTo", () => new DecoupledDecay<float>(0, null!, []));
        Absent("parameters", () => new Bare<float>(null!));
        Absent("parameters", () => new Bare<float>(hole));
        Assert.Equal("patterns", Assert.Throws<ArgumentException>(() => new ParameterRule("a", "")).ParamName);
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => new Bare<float>([]).StateCalled("")).ParamName);

        static void Absent(string name, Func<object> make) =>
            Assert.Equal(name, Assert.ThrowsAny<ArgumentNullException>(() => make()).ParamName);
    }

    [Fact]
    public void Optimizer_errors_say_what_was_expected_and_found()
    {
        Says<ArgumentException>("Nesterov's form needs a momentum above 0; found 0.", () => Start(new Sgd { Nesterov = true }));
        Says<ArgumentException>(
            "Adam has no weight decay of its own; expected an optimizer that has one, such as AdamW or Sgd. (Parameter 'decay')",
            () => new Adam().WithWeightDecay(0.1));
        Says<ArgumentException>(
            "A rule is for the names of at least one pattern; found none. (Parameter 'patterns')", () => new ParameterRule());
        Says<ArgumentException>(
            "Groups of parameters are made by at least one rule; found none. (Parameter 'rules')",
            () => new GroupedOptimizer(new Sgd(), []));
        string unused = Message<ArgumentException>(
            () => Start(new Sgd().WithRules([new("dense1/*") { RateFactor = 2 }, new("dense1/biases") { RateFactor = 3 }])));
        Assert.StartsWith("Rule 2 of 2, ParameterRule", unused, StringComparison.Ordinal);
        Assert.EndsWith(
            ", decides about no parameter: its selection includes none, or those that it includes are decided about by rules before it.",
            unused,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The rules freeze every parameter, so that there is nothing to train: ",
            Message<ArgumentException>(() => Start(new Sgd().WithRules([new("*") { Freezes = true }]))),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "What is frozen has neither rate factor, decay nor optimizer; found ParameterRule",
            Message<ArgumentException>(() => new Sgd().WithRules([new("a") { Freezes = true, Optimizer = new Adam() }])),
            StringComparison.Ordinal);

        OptimizerRuntime<float> runtime = Start(new Sgd());
        Says<ArgumentException>(
            "3 parameters need as many penalties; found 4. (Parameter 'penalties')", () => runtime.BeginStep(new PenaltyGradient[4], 0));
        foreach (int index in (int[])[-1, 3])
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => runtime.UpdateParameter(index, 0.1, default, 0));
            Assert.Equal(("index", (object)index), (error.ParamName, error.ActualValue));
            Assert.StartsWith("The position of a parameter is from 0 to 2.", error.Message, StringComparison.Ordinal);
            var decay = new DecoupledDecay<float>(0.5, ParameterSelection.Weights, OptimizerContractTests.Make<float>(1));
            error = Assert.Throws<ArgumentOutOfRangeException>(() => decay.Of(index));
            Assert.Equal(("index", (object)index), (error.ParamName, error.ActualValue));
            Assert.StartsWith("The position of a parameter is from 0 to 2.", error.Message, StringComparison.Ordinal);
            Assert.Equal([0.5, 0, 0.5], Enumerable.Range(0, 3).Select(decay.Of));
        }
        Assert.Equal("step", Assert.Throws<ArgumentOutOfRangeException>(() => new WeightAveraging().DecayAt(-1)).ParamName);

        WeightAverage<float> average = new WeightAveraging().CreateRuntime(OptimizerContractTests.Make<float>(1));
        average.Swap();
        Says<InvalidOperationException>(
            "The averages stand in the place of the weights; swap them out before training goes on.", () => average.Update(0));
        Says<InvalidOperationException>("The averages stand in the place of the weights already.", () => average.CopyToModel());
        Assert.True(average.IsSwappedIn);
        average.Swap();
        Assert.False(average.IsSwappedIn);
    }

    [Theory]
    [InlineData(0.999, false)]
    [InlineData(0.9991, true)]
    public void WeightAverage_in_float_keeps_remainders_of_a_slow_decay_alone(double decay, bool keeps)
    {
        Assert.Equal(keeps ? 6 : 3, new WeightAveraging(decay).CreateRuntime(OptimizerContractTests.Make<float>(1)).State.Count);
        Assert.Equal(3, new WeightAveraging(decay).CreateRuntime(OptimizerContractTests.Make<double>(1)).State.Count);
        if (keeps)
        {
            StateBuffer<float> last = new WeightAveraging(decay).CreateRuntime(OptimizerContractTests.Make<float>(1)).State[^1];
            Assert.Equal("dense2/weights/average remainder", last.Name);
            Assert.Equal((5, 21), (last.Value.Rows, last.Value.Columns));
        }
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData((32 * 1024) - 1)]
    [InlineData(3 * 16 * 1024)]
    public void Elementwise_update_on_threads_makes_the_step_of_every_number_once(int count)
    {
        using var workers = new WorkerPool(3);
        Parameter<float>[] parameters = [new("w", ParameterRole.Weights, 1, count)];
        OptimizerRuntime<float> runtime = new Sgd { Momentum = 0.5 }.CreateRuntime(parameters);
        runtime.Workers = workers;
        parameters[0].Gradient.AsSpan().Fill(2);
        runtime.Step(0.25, new PenaltyGradient[1], 0);
        Assert.All(parameters[0].Value.AsSpan().ToArray(), value => Assert.Equal(-0.5f, value));
    }

    [Fact]
    public void Wrapped_optimizers_hand_workers_and_state_to_the_one_inside()
    {
        using var workers = new WorkerPool(2);
        Optimizer inner = new Sgd { Momentum = 0.9 };
        foreach (Optimizer outer in (Optimizer[])[inner.ClippedByNorm(1), inner.ClippedByValue(1), inner.WithLookahead(),
            inner.WithRules([new("dense1/*") { RateFactor = 2 }])])
        {
            OptimizerRuntime<float> runtime = Start(outer);
            Assert.Same(WorkerPool.Single, runtime.Workers);
            runtime.Workers = workers;
            Assert.Same(workers, runtime.Workers);
            Assert.Equal(
                ["dense1/weights/velocity", "dense1/biases/velocity", "dense2/weights/velocity"],
                runtime.State.Select(state => state.Name).Where(name => !name.EndsWith("slow", StringComparison.Ordinal)));
        }
        Assert.Equal("dense2/weights/slow", Start(inner.WithLookahead()).State[^1].Name);
    }

    private static OptimizerRuntime<float> Start(Optimizer optimizer) => optimizer.CreateRuntime(OptimizerContractTests.Make<float>(1));

    private static void Says<TException>(string expected, Action act)
        where TException : Exception => Assert.Equal(expected, Assert.Throws<TException>(act).Message);

    private static void Says<TException>(string expected, Func<object> make)
        where TException : Exception => Assert.Equal(expected, Message<TException>(make));

    private static string Message<TException>(Func<object> make)
        where TException : Exception => Assert.Throws<TException>(() => { make(); }).Message;

    private sealed class Bare<T>(IReadOnlyList<Parameter<T>> parameters) : OptimizerRuntime<T>(parameters)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        public StateBuffer<T>[] StateCalled(string name) => CreateState(name);

        public override void Update(int index, double rate, long step)
        {
        }
    }
}
