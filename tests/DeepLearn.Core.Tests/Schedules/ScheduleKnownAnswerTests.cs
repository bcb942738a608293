using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Schedules;
using Xunit;

namespace DeepLearn.Tests.Schedules;

public class ScheduleKnownAnswerTests
{
    [Fact]
    public void TriangularSchedule_reaches_minimum_and_maximum_at_its_corners()
    {
        var schedule = new TriangularSchedule(1e-5, 0.1, 500);
        Assert.Equal(1e-5, schedule.RateAt(0));
        Assert.Equal(0.1, schedule.RateAt(500));
        Assert.Equal(1e-5, schedule.RateAt(1000));
        Assert.Equal(0.1, schedule.RateAt(1500));
        Assert.Equal((1e-5 + 0.1) / 2, schedule.RateAt(250), 1e-17);
        Assert.Equal(3000, schedule.StepsIn(3));
    }

    [Fact]
    public void GrowingTriangularSchedule_doubles_the_length_of_each_cycle()
    {
        var schedule = new GrowingTriangularSchedule(0, 1, 5);
        Assert.Equal([0L, 10, 30, 70, 150], Enumerable.Range(0, 5).Select(schedule.StepsIn));
        Assert.Equal([1, 0, 1, 0, 1], new[] { 5L, 10, 20, 30, 50 }.Select(schedule.RateAt));
        Assert.Equal(new TriangularSchedule(0, 1, 5).RateAt(1234), new GrowingTriangularSchedule(0, 1, 5, 1).RateAt(1234));
        Assert.Equal(long.MaxValue, schedule.StepsIn(80));
    }

    [Fact]
    public void AnnealedMaximumSchedule_of_a_triangle_by_half_equals_Triangular2Schedule()
    {
        var annealed = new AnnealedMaximumSchedule(new TriangularSchedule(0.01, 0.1, 30), 0.5);
        var halved = new Triangular2Schedule(0.01, 0.1, 30);
        for (int step = 0; step < 600; step++)
            Assert.Equal(halved.RateAt(step), annealed.RateAt(step), 1e-16);
        Assert.Equal(0.01 + (0.09 / 4), annealed.RateAt(150), 1e-16);
    }

    [Fact]
    public void SequenceSchedule_with_warm_up_counts_each_part_from_its_own_start()
    {
        SequenceSchedule schedule = new ConstantSchedule(0.5).Then(10, new CosineSchedule(0.4, 20).WarmedUp(4));
        Assert.Equal(
            [0.5, 0.5, 0, 0.1, 0.2, 0.4], new[] { 0L, 9, 10, 11, 12, 14 }.Select(schedule.RateAt), (a, b) => Math.Abs(a - b) < 1e-16);
        Assert.Equal(0.2, schedule.RateAt(24), 1e-16);
        Assert.Equal(
            schedule, new SequenceSchedule([new(new ConstantSchedule(0.5), 10)], new WarmUpSchedule(new CosineSchedule(0.4, 20), 4)));
    }

    [Fact]
    public void Schedules_with_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TriangularSchedule(0.2, 0.1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TriangularSchedule(0, 0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TriangularSchedule(0, 0.1, long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialRangeSchedule(0, 1, 5, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GrowingTriangularSchedule(0, 1, 5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(0.1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(0.1, 10) { Rise = 1.5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(0.1, 10) { StartDivisor = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(0.1, 10) { Shape = (AnnealingShape)2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialSchedule(0.1, 10, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(0.1, 10, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WarmUpSchedule(new ConstantSchedule(1), 0));
        Assert.Throws<ArgumentException>(() => new SequenceSchedule([], new ConstantSchedule(1)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 0.3)]
    public void OneCycleSchedule_with_phases_of_no_length_stays_within_bounds(int total, double rise)
    {
        var schedule = new OneCycleSchedule(1, Math.Max(total, 2)) { Rise = rise };
        for (int step = 0; step < 5; step++)
            Assert.InRange(schedule.RateAt(step), 0, 1);
    }

    /// <summary>They meet the maximum, as nearly as whole steps can, the first rate and the last.</summary>
    [Theory]
    [InlineData(7, 0.3)]
    [InlineData(7, 0.5)]
    [InlineData(8, 0.25)]
    [InlineData(100, 0.02)]
    [InlineData(1000, 0.5)]
    public void OneCycleSchedule_of_three_phases_rises_to_the_maximum_and_ends_at_the_last_rate(int total, double rise)
    {
        var schedule = new OneCycleSchedule(1, total) { Rise = rise, ThreePhases = true };
        double[] rates = [.. Enumerable.Range(0, total).Select(step => schedule.RateAt(step))];
        Assert.InRange(rates.Max(), 0.5, 1);
        Assert.Equal(1.0 / 25, rates[0]);
        Assert.Equal(1.0 / 25 / 1e4, rates[^1]);
    }

    [Theory]
    [InlineData(100, 0.8)]
    [InlineData(100, 0.51)]
    [InlineData(100, 0.0)]
    [InlineData(100, 0.019)]
    [InlineData(6, 0.5)]
    public void OneCycleSchedule_of_three_phases_that_miss_the_maximum_or_the_end_is_refused(int total, double rise)
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => new OneCycleSchedule(1, total) { ThreePhases = true, Rise = rise }).Message;
        Assert.Contains(total == 6 ? "at least 7 steps; found 6" : $"found {rise} of {total} steps", message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(1, total) { Rise = rise, ThreePhases = true });
        Assert.Equal(rise, new OneCycleSchedule(1, total) { Rise = rise }.Rise);
    }

    [Theory]
    [InlineData(0.999, 1_000_000)]
    [InlineData(0.99994, 123_457)]
    [InlineData(0.5, 1074)]
    [InlineData(0.9, 7)]
    [InlineData(1, long.MaxValue)]
    public void IntegerPower_equals_the_exact_power_rounded_once(double value, long exponent)
    {
        double found = IntegerPower.Of(value, exponent);
        double expected = Reference(value, exponent);
        Assert.Equal(expected, found, Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
    }

    [Fact]
    public void IntegerPower_of_zero_and_of_huge_exponents_is_exact()
    {
        Assert.Equal(1, IntegerPower.Of(0, 0));
        Assert.Equal(0, IntegerPower.Of(0, 5));
        Assert.Equal(0, IntegerPower.Of(0.5, long.MaxValue));
    }

    /// <summary>The power in 256-bit fixed point with an exponent.</summary>
    private static double Reference(double value, long exponent)
    {
        if (value == 1)
            return 1;
        (BigInteger Mantissa, long Exponent) result = (BigInteger.One, 0), square = ((BigInteger)(value * Math.Pow(2, 60)), -60);
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result = Shorten((result.Mantissa * square.Mantissa, result.Exponent + square.Exponent));
            square = Shorten((square.Mantissa * square.Mantissa, square.Exponent + square.Exponent));
        }
        (BigInteger mantissa, long power) = result;
        int excess = (int)Math.Max(0, mantissa.GetBitLength() - 60);
        return Math.ScaleB((double)(mantissa >> excess), (int)Math.Max(power + excess, -3000));

        static (BigInteger, long) Shorten((BigInteger Mantissa, long Exponent) number)
        {
            int excess = (int)Math.Max(0, number.Mantissa.GetBitLength() - 256);
            return (number.Mantissa >> excess, number.Exponent + excess);
        }
    }
}
