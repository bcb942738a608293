using DeepLearn.Schedules;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Schedules;

/// <summary>What holds of every schedule; a new one joins by a row of <see cref="ScheduleCase.All"/>.</summary>
public class ScheduleContractTests
{
    private const int Steps = 1000;

    public static TheoryData<ScheduleCase> Rows => [.. ScheduleCase.All];

    [Fact]
    public void Schedules_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<LearningRateSchedule>().Except(ScheduleCase.All.Select(row => row.Schedule.GetType())));

    public static TheoryData<ScheduleCase> CyclicalRows => [.. ScheduleCase.All.Where(row => row.Schedule is CyclicalSchedule)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Schedule_rates_stay_within_stated_bounds_and_reach_both(ScheduleCase row)
    {
        double[] rates = Rates(row);
        Assert.All(rates, rate => Assert.InRange(rate, row.Least, row.Greatest * (1 + 1e-15)));
        Assert.Equal(row.Greatest, rates.Max(), 0.03 * row.Greatest);
        Assert.Equal(row.Least, rates.Min(), 0.03 * row.Greatest);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Schedule_rate_changes_per_step_by_no_more_than_stated(ScheduleCase row)
    {
        double[] rates = Rates(row);
        double largest = rates.Zip(rates.Skip(1), (a, b) => Math.Abs(b - a)).Max();
        Assert.True(largest <= row.Jump * (1 + 1e-12), $"The largest change is {largest}.");
        Assert.True(double.IsInfinity(row.Jump) || largest >= 0.6 * row.Jump, $"The largest change is {largest} only.");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Schedule_with_a_period_repeats_its_rates_after_it(ScheduleCase row)
    {
        double[] rates = Rates(row);
        for (int step = 0; step < Steps - row.Period && row.Period > 0; step++)
            Assert.Equal(rates[step], rates[step + row.Period]);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Schedule_rate_is_a_pure_function_of_the_step_up_to_the_largest(ScheduleCase row)
    {
        double[] rates = Rates(row);
        for (int step = Steps - 1; step >= 0; step--)
            Assert.Equal(rates[step], row.Schedule.RateAt(step));
        foreach (long step in new[] { int.MaxValue, 1L << 40, long.MaxValue - 1, long.MaxValue })
            Assert.InRange(row.Schedule.RateAt(step), row.Least, row.Greatest);
        Assert.Throws<ArgumentOutOfRangeException>(() => row.Schedule.RateAt(-1));
        Assert.Equal(0, Allocation.Of(() => row.Schedule.RateAt(123)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Schedule_is_a_value_with_equality_and_a_printed_name(ScheduleCase row)
    {
        LearningRateSchedule same = ScheduleCase.All.Single(other => other.Name == row.Name).Schedule;
        Assert.Equal(same, row.Schedule);
        Assert.All(ScheduleCase.All.Where(other => other.Name != row.Name), other => Assert.NotEqual(other.Schedule, row.Schedule));
        Assert.StartsWith(row.Schedule.GetType().Name, row.Schedule.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CyclicalRows))]
    public void CyclicalSchedule_cycles_begin_at_the_steps_that_StepsIn_gives(ScheduleCase row)
    {
        var schedule = (CyclicalSchedule)row.Schedule;
        Assert.Equal(row.Least, schedule.Minimum);
        Assert.Equal(0, schedule.StepsIn(0));
        Assert.Equal(0, schedule.CycleAt(0));
        for (int cycle = 1; cycle < 8; cycle++)
        {
            long start = schedule.StepsIn(cycle);
            Assert.True(start > schedule.StepsIn(cycle - 1));
            Assert.Equal(cycle - 1, schedule.CycleAt(start - 1));
            Assert.Equal(cycle, schedule.CycleAt(start));
        }
        Assert.True(schedule.StepsIn(int.MaxValue) > int.MaxValue);
        Assert.True(schedule.CycleAt(long.MaxValue) > 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.StepsIn(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.CycleAt(-1));

        // A schedule from outside that leaves the search to the base finds the same cycles.
        var outside = new Outside(schedule);
        for (long step = 0; step < 2000; step++)
            Assert.Equal(schedule.CycleAt(step), outside.CycleAt(step));
        Assert.True(outside.CycleAt(long.MaxValue - 1) > 0);
    }

    private static double[] Rates(ScheduleCase row) => [.. Enumerable.Range(0, Steps).Select(step => row.Schedule.RateAt(step))];

    private sealed record Outside(CyclicalSchedule Inner) : CyclicalSchedule
    {
        public override double Minimum => Inner.Minimum;

        public override double RateAt(long step) => Inner.RateAt(step);

        public override long StepsIn(int cycles) => Inner.StepsIn(cycles);
    }
}
