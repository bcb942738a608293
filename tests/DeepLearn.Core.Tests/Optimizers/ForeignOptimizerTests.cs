using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
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

/// <summary>Optimizers written outside, with public members alone, reach every fast path that the library's own have.</summary>
public class ForeignOptimizerTests
{
    private static readonly Regularizer Penalty = new L2(0.01) { AppliesTo = ParameterSelection.All };

    [Fact]
    public void Foreign_optimizer_of_two_factors_updates_within_the_product_and_has_no_gradient()
    {
        Model<float> own = Train(new Sgd(), Penalty), foreign = Train(new Accumulating(), Penalty);
        Assert.Equal(own.Sha256(), foreign.Sha256());
        Assert.All(foreign.Parameters, parameter => Assert.False(parameter.HasGradient));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Foreign_optimizer_of_one_pass_adds_penalties_and_decay_within_it_on_threads(int threads)
    {
        using var workers = new WorkerPool(threads);
        Regularizer penalty = Penalty + new L1(0.002);
        Assert.Equal(
            Train(new Sgd { Momentum = 0.9, WeightDecay = 0.05 }, penalty).Sha256(),
            Train(new Elementwise(), penalty, workers).Sha256());
    }

    [Fact]
    public void Foreign_optimizer_that_looks_at_all_gradients_wraps_any_other_and_sees_every_penalty()
    {
        // Halving every gradient, penalties included, is halving the rate.
        foreach (Optimizer inner in new Optimizer[] { new Sgd(), new Sgd { Momentum = 0.5 }, new Simple() })
        {
            Model<double> halved = TrainAt<double>(new Halving(inner), Penalty), slow = TrainAt<double>(inner, Penalty, rate: 0.05);
            for (int i = 0; i < slow.Parameters.Count; i++)
            {
                for (int j = 0; j < slow.Parameters[i].Value.Count; j++)
                    Assert.Equal(slow.Parameters[i].Value.AsSpan()[j], halved.Parameters[i].Value.AsSpan()[j], 1e-13);
            }
        }
    }

    [Fact]
    public void Foreign_optimizer_of_one_method_is_given_every_penalty_and_can_be_clipped()
    {
        foreach (Regularizer penalty in new[] { Penalty, Penalty + new L1(0.002) })
        {
            Model<double> own = TrainAt<double>(new Sgd().ClippedByNorm(0.3), penalty),
            foreign = TrainAt<double>(new Simple().ClippedByNorm(0.3), penalty);
            for (int i = 0; i < own.Parameters.Count; i++)
            {
                for (int j = 0; j < own.Parameters[i].Value.Count; j++)
                    Assert.Equal(own.Parameters[i].Value.AsSpan()[j], foreign.Parameters[i].Value.AsSpan()[j], 1e-13);
            }
        }
    }

    private static Model<float> Train(Optimizer optimizer, Regularizer penalty, WorkerPool? workers = null) =>
        TrainAt<float>(optimizer, penalty, workers);

    private static Model<T> TrainAt<T>(Optimizer optimizer, Regularizer penalty, WorkerPool? workers = null, double rate = 0.1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = new Sequential(new Dense(400), new Tanh(), new Dense(3)).Build<T>(100, seed: 1);
        var step = new TrainingStep<T>(model, new SoftmaxCrossEntropy(), penalty, optimizer, 8, workers);
        var examples = new Matrix<T>(8, 100);
        for (int i = 0; i < examples.Count; i++)
            examples.AsSpan()[i] = T.CreateChecked(Math.Sin(i) / 10);
        for (int i = 0; i < 6; i++)
            step.Run(examples, Targets<T>.FromLabels([0, 1, 2, 0, 1, 2, 0, 1]), rate, i, default);
        return model;
    }

    /// <summary>The simple tier: one method.</summary>
    private sealed record Simple : Optimizer
    {
        public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) => new Runtime<T>(parameters);

        private sealed class Runtime<T>(IReadOnlyList<Parameter<T>> parameters) : OptimizerRuntime<T>(parameters)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            public override void Update(int index, double rate, long step) =>
                Arithmetic.AddScaled(Parameters[index].Gradient.AsSpan(), T.CreateChecked(-rate), Parameters[index].Value.AsSpan());
        }
    }

    /// <summary>Gradient descent whose step is two factors.</summary>
    private sealed record Accumulating : Optimizer
    {
        public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) => new Runtime<T>(parameters);

        private sealed class Runtime<T>(IReadOnlyList<Parameter<T>> parameters) : OptimizerRuntime<T>(parameters), IAccumulatingOptimizer<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            public bool TryGetDirectUpdate(int index, double rate, PenaltyGradient penalty, out T scale, out T keep)
            {
                (scale, keep) = (T.CreateChecked(-rate), T.CreateChecked(1 - (rate * penalty.Linear)));
                return penalty.Sign == 0;
            }

            public override void Update(int index, double rate, long step) =>
                throw new InvalidOperationException("The product has made the step.");
        }
    }

    /// <summary>Momentum with a decay, in one pass of its own formula.</summary>
    private sealed record Elementwise : Optimizer
    {
        public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) => new Runtime<T>(parameters);

        private sealed class Runtime<T> : ElementwiseOptimizerRuntime<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            private readonly DecoupledDecay<T> _decay;
            private readonly StateBuffer<T>[] _velocity;

            public Runtime(IReadOnlyList<Parameter<T>> parameters)
                : base(parameters)
            {
                _decay = new(0.05, ParameterSelection.Weights, parameters);
                _velocity = CreateState("velocity");
            }

            public override IReadOnlyList<StateBuffer<T>> State => _velocity;

            protected override void UpdateRange(int index, int first, int count, double rate, PenaltyGradient penalty, long step) =>
                Map.Update(
                new Formula<T>(_decay.Terms(index, penalty), T.CreateChecked(rate)),
                Parameters[index].Gradient.AsSpan().Slice(first, count),
                Parameters[index].Value.AsSpan().Slice(first, count),
                _velocity[index].Value.AsSpan().Slice(first, count));
        }

        private readonly struct Formula<T>(UpdateTerms<T> terms, T rate) : IPairUpdate<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            public void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second)
                where TLanes : struct, ILanes<TLanes, T>
            {
                TLanes whole = OptimizerUpdates.Derivative(terms, gradient, first);
                second = TLanes.FusedMultiplyAdd(second, TLanes.Create(T.CreateChecked(0.9)), whole);
                first = OptimizerUpdates.Stepped(terms, first, rate, second);
            }
        }
    }

    /// <summary>Halves all gradients before another optimizer has them.</summary>
    private sealed record Halving(Optimizer Inner) : Optimizer
    {
        public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) =>
            new Runtime<T>(Inner.CreateRuntime(parameters));

        private sealed class Runtime<T>(OptimizerRuntime<T> inner) : OptimizerRuntime<T>(inner.Parameters), IPreparingOptimizer<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            private readonly PenaltyGradient[] _none = new PenaltyGradient[inner.Parameters.Count];

            public override IReadOnlyList<StateBuffer<T>> State => inner.State;

            public void Prepare(ReadOnlySpan<PenaltyGradient> penalties, long step)
            {
                Assert.True(penalties.IsEmpty);
                foreach (Parameter<T> parameter in Parameters)
                    Arithmetic.Scale(parameter.Gradient.AsSpan(), T.CreateChecked(0.5), parameter.Gradient.AsSpan());
                inner.BeginStep(_none, step);
            }

            public override void Update(int index, double rate, long step) =>
                inner.UpdateParameter(index, rate, PenaltyGradient.None, step);
        }
    }
}
