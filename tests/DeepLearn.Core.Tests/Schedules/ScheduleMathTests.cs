using DeepLearn.Schedules;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Schedules;

/// <summary>The curves of schedules meet their ends to the last bit, so that a rate is never a little beyond what was asked for.</summary>
public class ScheduleMathTests
{
    [Property(MaxTest = 300)]
    public Property Line_and_half_wave_are_exact_at_both_ends() => Prop.ForAll(
        (from start in Gen.Choose(0, 1_000_000)
         from end in Gen.Choose(0, 1_000_000)
         select (start / 999_983.0, end / 999_979.0)).ToArbitrary(),
        rates =>
        {
            (double start, double end) = rates;
            Assert.Equal([start, end, end], new[] { 0, 1, 1.5 }.Select(fraction => ScheduleMath.Line(start, end, fraction)));
            Assert.Equal(
                [start, start, end, end], new[] { -0.5, 0, 1, 1.5 }.Select(fraction => ScheduleMath.HalfWave(start, end, fraction)));
        });

    [Property(MaxTest = 300)]
    public Property Power_is_exact_where_it_is_known() => Prop.ForAll(
        (from value in Gen.Choose(0, 1_000_000)
         from power in Gen.Choose(1, 1_000_000)
         select (value / 1e6, power / 99_991.0)).ToArbitrary(),
        test =>
        {
            (double value, double power) = test;
            Assert.Equal(value, ScheduleMath.Power(value, 1));
            Assert.Equal(0, ScheduleMath.Power(0, power));
            Assert.Equal(1, ScheduleMath.Power(1, power));
        });
}
