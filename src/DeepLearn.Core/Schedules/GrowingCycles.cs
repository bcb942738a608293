namespace DeepLearn.Schedules;

/// <summary>Cycles whose lengths are multiplied by a whole number from each to the next.</summary>
/// <param name="First">The number of steps of the first cycle.</param>
/// <param name="Growth">The length of a cycle divided by that of the cycle before, at least 1.</param>
internal readonly record struct GrowingCycles(long First, int Growth)
{
    /// <summary>The cycle of a step, the first step of that cycle, and the number of its steps.</summary>
    public (int Cycle, long Start, long Length) Locate(long step)
    {
        if (Growth == 1)
        {
            long index = step / First;
            return ((int)Math.Min(index, int.MaxValue), index * First, First);
        }
        int cycle = 0;
        Int128 start = 0, length = First;
        while (step >= start + length)
        {
            start += length;
            length *= Growth;
            cycle++;
        }
        return (cycle, (long)start, ScheduleMath.Saturate(length));
    }

    /// <summary>The number of steps of the first cycles together.</summary>
    public long StepsIn(int cycles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cycles);
        if (Growth == 1)
            return ScheduleMath.Saturate((Int128)First * cycles);
        Int128 total = 0, length = First;
        for (int cycle = 0; cycle < cycles && total <= long.MaxValue; cycle++)
        {
            total += length;
            length *= Growth;
        }
        return ScheduleMath.Saturate(total);
    }
}
