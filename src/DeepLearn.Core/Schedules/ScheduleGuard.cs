using System.Runtime.CompilerServices;

namespace DeepLearn.Schedules;

/// <summary>The checks that schedules share.</summary>
internal static class ScheduleGuard
{
    public static double Rate(double rate, [CallerArgumentExpression(nameof(rate))] string? name = null) =>
        double.IsFinite(rate) && rate >= 0
            ? rate
            : throw new ArgumentOutOfRangeException(name, rate, "A learning rate is finite and at least 0.");

    public static long Steps(long steps, [CallerArgumentExpression(nameof(steps))] string? name = null) =>
        steps >= 1 ? steps : throw new ArgumentOutOfRangeException(name, steps, "A schedule's length is at least one step.");
}
