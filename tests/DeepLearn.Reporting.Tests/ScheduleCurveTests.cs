using DeepLearn.Schedules;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>The learning rate as a line.</summary>
public sealed class ScheduleCurveTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(500)]
    [InlineData(12_345)]
    [InlineData(1_000_003)]
    public void Of_triangular_schedule_has_every_tip_and_every_floor(long stepSize)
    {
        var schedule = new TriangularSchedule(1e-5, 0.1, stepSize);

        IReadOnlyList<(long Step, double Rate)> points = ScheduleCurve.Of(schedule, schedule.StepsIn(3));

        for (int cycle = 0; cycle < 3; cycle++)
        {
            Assert.Contains(((2 * cycle * stepSize) + stepSize, 0.1), points);
            Assert.Contains((2 * cycle * stepSize, 1e-5), points);
        }
        Assert.Equal((6 * stepSize) - 1, points[^1].Step);
    }

    [Fact]
    public void Of_any_schedule_has_its_own_rates_at_ascending_steps()
    {
        LearningRateSchedule schedule = new CosineSchedule(0.1, 900).WarmedUp(100);

        IReadOnlyList<(long Step, double Rate)> points = ScheduleCurve.Of(schedule, 1000);

        Assert.Equal(1000, points.Count);
        Assert.All(points, point => Assert.Equal(schedule.RateAt(point.Step), point.Rate));
        Assert.Equal(points.Select(point => point.Step), points.Select(point => point.Step).Distinct().Order());
    }

    [Fact]
    public void Of_one_step_has_one_point() => Assert.Equal([(0L, 0.5)], ScheduleCurve.Of(new ConstantSchedule(0.5), 1));

    [Fact]
    public void Of_huge_numbers_of_steps_stays_small()
    {
        IReadOnlyList<(long Step, double Rate)> points = ScheduleCurve.Of(new TriangularSchedule(0, 1, 3), long.MaxValue);

        Assert.InRange(points.Count, 1024, 1024 + (64 * 66));
    }

    [Fact]
    public void Of_numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ScheduleCurve.Of(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScheduleCurve.Of(0.1, 10, 1));
    }
}
