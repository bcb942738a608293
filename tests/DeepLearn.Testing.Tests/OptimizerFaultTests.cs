using System.Numerics;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class OptimizerFaultTests
{
    private enum Fault
    {
        None,
        BeginsElsewhere,
        Climbs,
        WrongAtFloat,
        SharesScratch,
        HidesItsState,
        CountsItsSteps,
        NamesNoParameter,
        RemembersTheLast,
        ForgetsTheSign,
        WrongFactors,
        OtherOnThreads,
        SkipsNaN,
        Allocates,
        UpdatesTheFrozen,
    }

    private static readonly OptimizerContractOptions Known = new() { MinimizingRate = 0.05 };

    public static TheoryData<Planted> Faults =>
    [
        new Planted("it is an immutable value", () => OptimizerContract.Check(new Faulty(Fault.None) { Names = ["a"] })),
        new Planted("it prints itself", () => OptimizerContract.Check(new Faulty(Fault.None) { Text = "" })),
        Of("the runtime is for the parameters given", Fault.BeginsElsewhere),
        Of("a convex cost falls", Fault.Climbs, Known),
        Of("float follows double", Fault.WrongAtFloat),
        Of("a step is a function of parameters, gradients, state and arguments", Fault.SharesScratch),
        Of("it goes on from its state to the same bits", Fault.HidesItsState),
        Of("it goes on from its state to the same bits", Fault.CountsItsSteps),
        Of("the state is named and shaped as the parameters", Fault.NamesNoParameter),
        Of("the update of a parameter is its own affair", Fault.RemembersTheLast),
        Of("a fused penalty is one that is added to the gradient", Fault.ForgetsTheSign),
        Of("a step of two factors is the update", Fault.WrongFactors),
        Of("a parameter that it does not update stays as it is", Fault.UpdatesTheFrozen),
        Of("threads change no bit", Fault.OtherOnThreads),
        Of("a NaN in the gradient reaches the parameter", Fault.SkipsNaN),
        Of("a step allocates nothing", Fault.Allocates),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void OptimizerContract_plantedPlanted_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void OptimizerContract_every_check_has_a_fault_that_it_finds() =>
        Planted.AssertComplete(OptimizerContract.Check(new Faulty(Fault.None), Known), Faults.Select(row => row.Data));

    private static Planted Of(string check, Fault fault, OptimizerContractOptions? options = null) =>
        new(check, () => OptimizerContract.Check(new Faulty(fault), options), fault.ToString());

    /// <summary>Gradient descent with momentum; without, where two factors are to be all of it.</summary>
    private sealed record Faulty(Fault Fault) : Optimizer
    {
        public string[]? Names { get; init; }

        public string? Text { get; init; }

        public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters)
        {
            if (Fault == Fault.BeginsElsewhere)
                parameters[0].Value[0, 0] += T.CreateChecked(1e-3);
            return Fault is Fault.None or Fault.WrongFactors ? new AccumulatingRuntime<T>(parameters, Fault) : new Runtime<T>(
                parameters, Fault);
        }

        public override string ToString() => Text ?? $"Faulty {{ Fault = {Fault} }}";
    }

    private class Runtime<T> : OptimizerRuntime<T>, IPenaltyFusingOptimizer<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly StateBuffer<T>[] _velocity;
        private readonly int[] _steps;
        private (long Step, int Updates) _now = (-1, 0);

        public Runtime(IReadOnlyList<Parameter<T>> parameters, Fault fault)
            : base(parameters)
        {
            Planted = fault;
            _velocity = CreateState("velocity");
            _steps = new int[parameters.Count];
            State = fault switch
            {
                Fault.HidesItsState => [],
                Fault.NamesNoParameter => [.. _velocity.Select((buffer, i) => buffer with { Name = $"velocity{i}" })],
                _ => _velocity,
            };
        }

        public override IReadOnlyList<StateBuffer<T>> State { get; }

        protected Fault Planted { get; }

        public override bool Updates(int index) => Planted != Fault.UpdatesTheFrozen || index != 1;

        public override void Update(int index, double rate, long step) => UpdateWithPenalty(index, rate, default, step);

        public void UpdateWithPenalty(int index, double rate, PenaltyGradient penalty, long step)
        {
            if (Planted == Fault.Allocates)
                Noise.Allocate();
            _steps[index]++;
            _now = step == _now.Step ? (step, _now.Updates + 1) : (step, 0);
            rate *= Planted switch
            {
                Fault.Climbs => -0.1,
                Fault.WrongAtFloat when typeof(T) == typeof(float) => 1.5,
                Fault.SharesScratch when Noise.OthersAreHere() => 2,
                Fault.CountsItsSteps => 1 - Math.Pow(0.5, _steps[index]),
                Fault.RemembersTheLast => 1 + (0.01 * _now.Updates),
                Fault.OtherOnThreads when Workers.Threads > 1 => 2,
                _ => 1,
            };
            T momentum = T.CreateChecked(step == 0 ? 0 : 0.9), r = T.CreateChecked(rate);
            T linear = T.CreateChecked(penalty.Linear), sign = T.CreateChecked(Planted == Fault.ForgetsTheSign ? 0 : penalty.Sign);
            Span<T> value = Parameters[index].Value.AsSpan(), velocity = _velocity[index].Value.AsSpan();
            ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan();
            bool remembers = step > 0;
            for (int j = 0; j < value.Length; j++)
            {
                T g = gradient[j] + (linear * value[j]) + (sign * T.CreateChecked(T.IsZero(value[j]) ? 0 : T.Sign(value[j])));
                if (Planted == Fault.SkipsNaN && T.IsNaN(g))
                    continue;
                T v = (momentum * velocity[j]) + g;
                if (remembers)
                    velocity[j] = v;
                value[j] -= r * v;
            }
        }
    }

    /// <summary>Momentum begins with the second step, so that the first is one of two factors.</summary>
    private sealed class AccumulatingRuntime<T>(IReadOnlyList<Parameter<T>> parameters, Fault fault)
        : Runtime<T>(parameters, fault), IAccumulatingOptimizer<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public bool TryGetDirectUpdate(int index, double rate, PenaltyGradient penalty, out T scale, out T keep)
        {
            scale = T.CreateChecked(-rate);
            keep = T.CreateChecked(1 - (rate * penalty.Linear * (Planted == Fault.WrongFactors ? 2 : 1)));
            return penalty.Sign == 0 && State.All(buffer => !buffer.Value.AsSpan().ContainsAnyExcept(T.Zero));
        }
    }
}
