using System.Runtime.CompilerServices;

namespace DeepLearn.Schedules;

/// <summary>The checks that schedules share.</summary>
internal static class ScheduleGuard
{
    public static double Rate(double rate, [CallerArgumentExpression(nameof(rate))] string? name = null) =>
        double.IsFinite(rate) && rate >= 0
            ? rate
            : throw new ArgumentOutOfRangeException(name, rate, "A learning rate is finite and at least 0.");

    public static double Largest(double rate, [CallerArgumentExpression(nameof(rate))] string? name = null) =>
        double.IsFinite(rate) && rate > 0
            ? rate
            : throw new ArgumentOutOfRangeException(name, rate, "A largest rate is finite and above 0: at 0 nothing is learned.");

    public static double Maximum(double maximum, double minimum, [CallerArgumentExpression(nameof(maximum))] string? name = null) =>
        Largest(maximum, name) >= minimum
            ? maximum
            : throw new ArgumentOutOfRangeException(name, maximum, $"The maximum is at least the minimum, {minimum}.");

    public static double Factor(double factor, [CallerArgumentExpression(nameof(factor))] string? name = null) =>
        factor is > 0 and <= 1
            ? factor
            : throw new ArgumentOutOfRangeException(name, factor, "The factor by which a rate falls is above 0 and at most 1.");

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "The value is finite and above 0.");

    public static long Steps(long steps, [CallerArgumentExpression(nameof(steps))] string? name = null) =>
        steps >= 1 ? steps : throw new ArgumentOutOfRangeException(name, steps, "A schedule's length is at least one step.");

    public static long StepSize(long steps, [CallerArgumentExpression(nameof(steps))] string? name = null) =>
        steps is >= 1 and <= long.MaxValue / 2
            ? steps
            : throw new ArgumentOutOfRangeException(name, steps, $"Half a cycle is from 1 to {long.MaxValue / 2} steps.");

    public static int Growth(int growth, [CallerArgumentExpression(nameof(growth))] string? name = null) =>
        growth >= 1 ? growth : throw new ArgumentOutOfRangeException(name, growth, "Cycles grow by a factor of at least 1.");
}
