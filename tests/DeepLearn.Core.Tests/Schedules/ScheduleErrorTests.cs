using DeepLearn.Schedules;
using Xunit;

namespace DeepLearn.Tests.Schedules;

/// <summary>An impossible option is refused with its name, the value found and what was expected; a value at the border is taken.</summary>
public class ScheduleErrorTests
{
    private const double Infinity = double.PositiveInfinity;
    private const string Rate = "A learning rate is finite and at least 0.";
    private const string Largest = "A largest rate is finite and above 0: at 0 nothing is learned.";
    private const string Factor = "The factor by which a rate falls is above 0 and at most 1.";
    private const string Length = "A schedule's length is at least one step.";
    private const string Positive = "The value is finite and above 0.";
    private const long LongestHalf = long.MaxValue / 2;

    private static readonly ConstantSchedule Constant = new(1);

    public static TheoryData<string, object, string, Func<LearningRateSchedule>> Impossible => new()
    {
        { "minimum", -0.1, Rate, () => new TriangularSchedule(-0.1, 0.1, 5) },
        { "minimum", Infinity, Rate, () => new Triangular2Schedule(Infinity, Infinity, 5) },
        { "minimum", double.NaN, Rate, () => new CosineSchedule(0.1, 10, double.NaN) },
        { "end", -1.0, Rate, () => new PolynomialSchedule(0.1, 10, 1, -1) },
        { "start", -1.0, Rate, () => Constant.WarmedUp(5, -1) },
        { "rate", 0.0, Largest, () => new ConstantSchedule(0) },
        { "rate", Infinity, Largest, () => new ExponentialSchedule(Infinity, 0.5) },
        { "rate", -1.0, Largest, () => new StepSchedule(-1, 5) },
        { "maximum", 0.0, Largest, () => new OneCycleSchedule(0, 10) },
        { "maximum", 0.0, Largest, () => new CosineWarmRestartsSchedule(0, 5) },
        { "maximum", 0.1, "The maximum is at least the minimum, 0.2.", () => new GrowingTriangularSchedule(0.2, 0.1, 5) },
        { "maximum", 0.1, "The maximum is at least the minimum, 0.2.", () => new CosineSchedule(0.1, 10, 0.2) },
        { "rate", 0.1, "The maximum is at least the minimum, 0.2.", () => new PolynomialSchedule(0.1, 10, 1, 0.2) },
        { "factor", 0.0, Factor, () => new ExponentialSchedule(0.1, 0) },
        { "factor", 1.5, Factor, () => new StepSchedule(0.1, 10, 1.5) },
        { "factor", 0.0, Factor, () => new ExponentialRangeSchedule(0, 1, 5, 0) },
        { "factor", 2.0, Factor, () => new AnnealedMaximumSchedule(new TriangularSchedule(0, 1, 5), 2) },
        { "StartDivisor", 0.0, Positive, () => new OneCycleSchedule(0.1, 10) { StartDivisor = 0 } },
        { "StartDivisor", Infinity, Positive, () => new OneCycleSchedule(0.1, 10) { StartDivisor = Infinity } },
        { "EndDivisor", -1.0, Positive, () => new OneCycleSchedule(0.1, 10) { EndDivisor = -1 } },
        { "power", 0.0, Positive, () => new PolynomialSchedule(0.1, 10, 0) },
        { "steps", 0L, Length, () => new CosineSchedule(0.1, 0) },
        { "steps", 0L, Length, () => new PolynomialSchedule(0.1, 0) },
        { "steps", 0L, Length, () => Constant.Then(0, Constant) },
        { "steps", 0L, Length, () => Constant.WarmedUp(0) },
        { "every", 0L, Length, () => new StepSchedule(0.1, 0) },
        { "firstCycle", 0L, Length, () => new CosineWarmRestartsSchedule(0.1, 0) },
        { "stepSize", 0L, $"Half a cycle is from 1 to {LongestHalf} steps.", () => new TriangularSchedule(0, 1, 0) },
        { "stepSize", 0L, $"Half a cycle is from 1 to {LongestHalf} steps.", () => new ExponentialRangeSchedule(0, 1, 0, 1) },
        {
            "stepSize", LongestHalf + 1, $"Half a cycle is from 1 to {LongestHalf} steps.",
            () => new Triangular2Schedule(0, 1, LongestHalf + 1)
        },
        { "growth", 0, "Cycles grow by a factor of at least 1.", () => new CosineWarmRestartsSchedule(0.1, 5, 0) },
        { "growth", 0, "Cycles grow by a factor of at least 1.", () => new GrowingTriangularSchedule(0, 0.1, 5, 0) },
        { "totalSteps", 1L, "One cycle has at least two steps.", () => new OneCycleSchedule(0.1, 1) },
        { "Rise", -0.1, "The part of the steps that the rise takes is from 0 to 1.", () => new OneCycleSchedule(0.1, 9) { Rise = -0.1 } },
        { "Rise", 1.1, "The part of the steps that the rise takes is from 0 to 1.", () => new OneCycleSchedule(0.1, 9) { Rise = 1.1 } },
        { "Shape", (AnnealingShape)2, "The shape is Cosine or Linear.", () => new OneCycleSchedule(0.1, 9) { Shape = (AnnealingShape)2 } },
    };

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void Schedule_with_an_impossible_option_names_it_the_value_and_what_it_takes(
        string name, object found, string expected, Func<LearningRateSchedule> make)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(make);
        Assert.Equal(name, error.ParamName);
        Assert.Equal(found, error.ActualValue);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedules_take_the_borders_of_their_options()
    {
        Assert.Equal(0.1, new TriangularSchedule(0.1, 0.1, LongestHalf).RateAt(7));
        Assert.Equal([0.1, 0.3, 0.1], new long[] { 0, 1, 2 }.Select(new TriangularSchedule(0.1, 0.3, 1).RateAt));
        Assert.Equal(0.1, new CosineSchedule(0.1, 1, 0.1).RateAt(0));
        Assert.Equal(0.1, new ExponentialSchedule(0.1, 1).RateAt(7));
        Assert.Equal(4e-6, new OneCycleSchedule(1, 2) { Rise = 0 }.RateAt(1));
        Assert.Equal(1, new OneCycleSchedule(1, 10) { Rise = 1 }.RateAt(9));
        Assert.Equal(0.1, new CosineWarmRestartsSchedule(0.1, 1).RateAt(3));
    }

    [Fact]
    public void Schedules_made_of_nothing_are_refused_by_the_name_of_what_is_absent()
    {
        Assert.Equal("schedule", Assert.Throws<ArgumentNullException>(() => new AnnealedMaximumSchedule(null!, 0.5)).ParamName);
        Assert.Equal("schedule", Assert.Throws<ArgumentNullException>(() => new ScheduleSegment(null!, 5)).ParamName);
        Assert.Equal("schedule", Assert.Throws<ArgumentNullException>(() => new WarmUpSchedule(null!, 5)).ParamName);
        Assert.Equal("segments", Assert.Throws<ArgumentNullException>(() => new SequenceSchedule(null!, Constant)).ParamName);
        Assert.Equal("last", Assert.Throws<ArgumentNullException>(() => new SequenceSchedule([new(Constant, 5)], null!)).ParamName);
        ArgumentException error = Assert.Throws<ArgumentException>(() => new SequenceSchedule([], Constant));
        Assert.Equal("segments", error.ParamName);
        Assert.Equal(
            "A sequence has at least one segment before its last schedule; found none. (Parameter 'segments')", error.Message);
    }

    [Fact]
    public void Schedule_negative_step_is_refused_by_its_name_and_value() => Assert.All(ScheduleCase.All, row =>
    {
        // The parts of a schedule would refuse it too, but name another step.
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => row.Schedule.RateAt(-3));
        Assert.Equal("step", error.ParamName);
        Assert.Equal(-3L, error.ActualValue);
    });
}
