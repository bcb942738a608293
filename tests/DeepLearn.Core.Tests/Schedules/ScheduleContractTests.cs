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
    public void EveryScheduleOfTheLibraryHasARow() =>
        Assert.Empty(LibraryTypes.Of<LearningRateSchedule>().Except(ScheduleCase.All.Select(row => row.Schedule.GetType())));

    public static TheoryData<ScheduleCase> CyclicalRows => [.. ScheduleCase.All.Where(row => row.Schedule is CyclicalSchedule)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void ItStaysWithinItsBoundsAndMeetsThem(ScheduleCase row)
    {
        double[] rates = Rates(row);
        Assert.All(rates, rate => Assert.InRange(rate, row.Least, row.Greatest * (1 + 1e-15)));
        Assert.Equal(row.Greatest, rates.Max(), 0.03 * row.Greatest);
        Assert.Equal(row.Least, rates.Min(), 0.03 * row.Greatest);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void ItMovesNoFasterThanItSays(ScheduleCase row)
    {
        double[] rates = Rates(row);
        double largest = rates.Zip(rates.Skip(1), (a, b) => Math.Abs(b - a)).Max();
        Assert.True(largest <= row.Jump * (1 + 1e-12), $"The largest change is {largest}.");
        Assert.True(double.IsInfinity(row.Jump) || largest >= 0.6 * row.Jump, $"The largest change is {largest} only.");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void ItRepeatsItselfAfterItsPeriod(ScheduleCase row)
    {
        double[] rates = Rates(row);
        for (int step = 0; step < Steps - row.Period && row.Period > 0; step++)
            Assert.Equal(rates[step], rates[step + row.Period]);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void ItIsAPureFunctionOfAnyStep(ScheduleCase row)
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
    public void ItIsAValue(ScheduleCase row)
    {
        LearningRateSchedule same = ScheduleCase.All.Single(other => other.Name == row.Name).Schedule;
        Assert.Equal(same, row.Schedule);
        Assert.All(ScheduleCase.All.Where(other => other.Name != row.Name), other => Assert.NotEqual(other.Schedule, row.Schedule));
        Assert.StartsWith(row.Schedule.GetType().Name, row.Schedule.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CyclicalRows))]
    public void ACycleBeginsWhereTheStepsSay(ScheduleCase row)
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
