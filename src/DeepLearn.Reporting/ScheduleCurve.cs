using DeepLearn.Schedules;

namespace DeepLearn.Reporting;

/// <summary>
/// The learning rate of a schedule as points of a line: computed from the schedule itself, so that a triangle has its peak even if nothing
/// was measured there.
/// </summary>
/// <example><code>
/// var schedule = new TriangularSchedule(minimum: 0.01, maximum: 0.1, stepSize: 100);
/// foreach ((long step, double rate) in ScheduleCurve.Of(schedule, steps: 400, points: 5))
///     Console.WriteLine($"{step}: {rate:g3}");
/// </code></example>
public static class ScheduleCurve
{
    // A cyclical schedule turns at simple fractions of its cycles, such as the middle.
    private const int PartsOfCycle = 64;
    private const int MostCycles = 64;

    /// <summary>The steps at which a line of the learning rate has its points, and the rates there.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="steps">The number of steps to show, at least 1.</param>
    /// <param name="points">
    /// The number of points that are spread evenly over the steps, at least 2. Default 1024. Each of the first 64 cycles of a cyclical
    /// schedule has 65 more.
    /// </param>
    /// <returns>The points by ascending step, from step 0 to <paramref name="steps"/> - 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static IReadOnlyList<(long Step, double Rate)> Of(LearningRateSchedule schedule, long steps, int points = 1024)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        var places = new SortedSet<long> { steps - 1 };
        points = (int)Math.Min(points, steps);
        for (int point = 0; point < points; point++)
            places.Add((long)((Int128)steps * point / points));
        if (schedule is CyclicalSchedule cyclical)
            AddCycles(cyclical, steps, places);
        return [.. places.Select(step => (step, schedule.RateAt(step)))];
    }

    private static void AddCycles(CyclicalSchedule schedule, long steps, SortedSet<long> places)
    {
        long start = 0;
        for (int cycle = 1; cycle <= MostCycles && start < steps; cycle++)
        {
            long end = schedule.StepsIn(cycle);
            for (int part = 0; part < PartsOfCycle; part++)
                places.Add(start + (long)((Int128)(end - start) * part / PartsOfCycle));
            places.Add(end - 1);
            start = end;
        }
        places.RemoveWhere(step => step >= steps);
    }
}
