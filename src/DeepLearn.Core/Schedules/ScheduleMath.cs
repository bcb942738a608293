using DeepLearn.Kernels;

namespace DeepLearn.Schedules;

/// <summary>The arithmetic that schedules share.</summary>
internal static class ScheduleMath
{
    /// <summary>A point on the straight line from one rate to another; exact at both ends.</summary>
    public static double Line(double start, double end, double fraction) =>
        fraction >= 1 ? end : start + (fraction * (end - start));

    /// <summary>A point on half a period of a cosine from one rate to another; exact at both ends.</summary>
    public static double HalfWave(double start, double end, double fraction) =>
        fraction <= 0 ? start : fraction >= 1 ? end : end + (0.5 * (start - end) * (1 + VectorMath.Cos(Math.PI * fraction)));

    /// <summary>The rise and fall of a triangle: 0 at both ends of a cycle, 1 in the middle.</summary>
    public static double Triangle(long position, long half) =>
        (double)(position <= half ? position : (2 * half) - position) / half;

    /// <summary>A number in [0, 1] to a power above 0.</summary>
    public static double Power(double value, double power) =>
        power == 1 || value is 0 or 1 ? value : VectorMath.Pow(value, power);


    /// <summary>A count of steps, at most <see cref="long.MaxValue"/>.</summary>
    public static long Saturate(Int128 steps) => steps > long.MaxValue ? long.MaxValue : (long)steps;
}
