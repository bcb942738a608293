using DeepLearn.Schedules;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class ScheduleFaultTests
{
    private static readonly ScheduleContractOptions Known = new() { Least = 0, Greatest = 1, LargestChange = 0.2, Period = 10 };

    public static TheoryData<Planted> Faults =>
    [
        Of("it is an immutable value", new ByArray([1])),
        Of("it is an immutable value", new Settable(), what: "a setter"),
        Of("it is an immutable value", Class(printsOptions: true), what: "no Equals"),
        Of("it prints itself", new Silent()),
        Of("it prints itself", new ByOptions(new()), what: "the type of an option"),
        Of("it prints itself", Class(comparesOptions: true), what: "no options"),
        Of("the rate is finite and at least 0 at every step", new Odd(step => step == long.MaxValue ? double.NaN : 1)),
        Of("the rate is finite and at least 0 at every step", new Odd(step => step > 900 ? -1e-9 : 1), what: "below 0"),
        Of("the rate is a function of the step alone", new Odd(_ => Noise.Turn())),
        Of("the rate is a function of the step alone", new Odd(_ => Noise.OthersAreHere() ? 1 : 2), what: "on threads"),
        Of("a negative step is refused", new Odd(_ => 1, Refuses: false)),
        Of("asking for a rate allocates nothing", new Odd(_ => 1 + Noise.Allocate())),
        Of(
            "the rate stays within its bounds and meets them",
            new Odd(step => step % 10 == 3 ? 1.05 : step % 10 / 9.0 * 0.99),
            Known with { LargestChange = null }),
        Of("the rate stays within its bounds and meets them", new Odd(_ => 0.5), Known, "a bound that is never met"),
        Of("the rate changes no faster than it may", new Odd(step => step % 10 == 3 ? 1 : 0), Known),
        Of(
            "the rates repeat themselves after their period",
            new Odd(step => step < 12 ? Wave(step) : Wave((step % 10) + 1)),
            Known with { LargestChange = null }),
        Of("cycles begin where StepsIn says", new Cycles(CycleOffset: 1)),
        Of("no rate is below the minimum of the cycles", new Cycles(Floor: 0.01)),
        Of("a negative number of cycles is refused", new Cycles(Refuses: false)),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void ScheduleContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void ScheduleContract_every_check_has_a_fault_that_it_finds() => Planted.AssertComplete(
        ScheduleContract.Check(new Cycles(), new() { Least = 0, Greatest = 1, LargestChange = 0.2, Period = 10 }), Faults.Select(
            row => row.Data));

    [Fact]
    public void ScheduleContract_options_out_of_range_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ScheduleContract.Check(new Cycles(), new() { Steps = 1 }));

    private static Planted Of(string check, LearningRateSchedule faulty, ScheduleContractOptions? options = null, string what = "") =>
        new(check, () => ScheduleContract.Check(faulty, options), what);

    private static LearningRateSchedule Class(bool comparesOptions = false, bool printsOptions = false) =>
        ClassOfSchedule.Make(ClassOfSchedule.Define("Foreign.Schedule", comparesOptions, printsOptions), 1);

    private static double Wave(long step) => 1 - (Math.Abs((step % 10) - 5) / 5.0);

    private sealed record Odd(Func<long, double> Rate, bool Refuses = true) : LearningRateSchedule
    {
        public override double RateAt(long step)
        {
            if (Refuses)
                ArgumentOutOfRangeException.ThrowIfNegative(step);
            return Rate(step);
        }
    }

    private sealed record ByArray(double[] Rates) : LearningRateSchedule
    {
        public override double RateAt(long step)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(step);
            return Rates[0];
        }
    }

    private sealed record ByOptions(ByOptions.Rates Of) : LearningRateSchedule
    {
        public override double RateAt(long step)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(step);
            return 1;
        }

        public sealed class Rates
        {
            public override bool Equals(object? obj) => obj is Rates;

            public override int GetHashCode() => 1;
        }
    }

    private sealed record Settable : LearningRateSchedule
    {
        public double Rate { get; set; } = 1;

        public override double RateAt(long step)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(step);
            return Rate;
        }
    }

    private sealed record Silent : LearningRateSchedule
    {
        public override double RateAt(long step)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(step);
            return 1;
        }

        public override string ToString() => "";
    }

    /// <summary>Triangles of ten steps, from 0 to 1 and back.</summary>
    private sealed record Cycles(int CycleOffset = 0, double Floor = 0, bool Refuses = true) : CyclicalSchedule
    {
        public override double Minimum => Floor;

        public override double RateAt(long step)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(step);
            return Wave(step);
        }

        public override long StepsIn(int cycles)
        {
            if (Refuses)
                ArgumentOutOfRangeException.ThrowIfNegative(cycles);
            return 10L * cycles;
        }

        public override int CycleAt(long step)
        {
            if (Refuses)
                ArgumentOutOfRangeException.ThrowIfNegative(step);
            return (int)Math.Min((step + CycleOffset) / 10, int.MaxValue - 1);
        }
    }
}
