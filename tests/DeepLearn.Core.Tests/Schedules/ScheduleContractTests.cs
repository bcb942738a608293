using DeepLearn.Schedules;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Schedules;

/// <summary>What holds of every schedule; the suite is <see cref="ScheduleContract"/>. A new one joins by a row of <see
/// cref="ScheduleCase.All"/>.</summary>
public class ScheduleContractTests
{
    public static TheoryData<ScheduleCase> Rows => [.. ScheduleCase.All];

    [Fact]
    public void Schedules_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<LearningRateSchedule>().Except(ScheduleCase.All.Select(row => row.Schedule.GetType())));

    public static TheoryData<ScheduleCase> CyclicalRows => [.. ScheduleCase.All.Where(row => row.Schedule is CyclicalSchedule)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Schedule_keeps_the_contract(ScheduleCase row) => ScheduleContract.Check(row.Schedule, row.Options).ThrowIfFailed();

    [Theory]
    [MemberData(nameof(Rows))]
    public void Schedule_largest_change_is_near_what_the_row_says(ScheduleCase row)
    {
        double[] rates = [.. Enumerable.Range(0, 1000).Select(step => row.Schedule.RateAt(step))];
        double largest = rates.Zip(rates.Skip(1), (a, b) => Math.Abs(b - a)).Max();
        Assert.True(double.IsInfinity(row.Jump) || largest >= 0.6 * row.Jump, $"The largest change is {largest} only.");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Schedule_made_twice_is_equal_and_prints_its_type(ScheduleCase row)
    {
        LearningRateSchedule same = ScheduleCase.All.Single(other => other.Name == row.Name).Schedule;
        Assert.Equal(same, row.Schedule);
        Assert.All(ScheduleCase.All.Where(other => other.Name != row.Name), other => Assert.NotEqual(other.Schedule, row.Schedule));
        Assert.StartsWith(row.Schedule.GetType().Name, row.Schedule.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CyclicalRows))]
    public void CyclicalSchedule_search_of_the_base_finds_the_same_cycles(ScheduleCase row)
    {
        var schedule = (CyclicalSchedule)row.Schedule;
        Assert.Equal(row.Least, schedule.Minimum);
        Assert.True(schedule.StepsIn(int.MaxValue) > int.MaxValue);
        var outside = new Outside(schedule);
        for (long step = 0; step < 2000; step++)
            Assert.Equal(schedule.CycleAt(step), outside.CycleAt(step));
        Assert.True(outside.CycleAt(long.MaxValue - 1) > 0);
        ScheduleContract.Check(outside, row.Options).ThrowIfFailed();
    }

    private sealed record Outside(CyclicalSchedule Inner) : CyclicalSchedule
    {
        public override double Minimum => Inner.Minimum;

        public override double RateAt(long step) => Inner.RateAt(step);

        public override long StepsIn(int cycles) => Inner.StepsIn(cycles);
    }
}
