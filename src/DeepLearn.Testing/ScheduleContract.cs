using DeepLearn.Schedules;
using DeepLearn.Testing.Checks;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="LearningRateSchedule"/> promises, checked on one of them.</summary>
/// <example><code>ScheduleContract.Check(new InverseRootSchedule(0.01, 100)).ThrowIfFailed();</code></example>
public static class ScheduleContract
{
    // How near the rates come to their bounds, as a share of the greatest: a step may lie on either side of a summit.
    private const double Nearness = 0.03;
    private const int Cycles = 8;

    /// <summary>Checks a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="options">What is known of it; null for nothing.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two steps are to be looked at.</exception>
    public static ContractReport Check(LearningRateSchedule schedule, ScheduleContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 2);
        var checks = new CheckList(nameof(ScheduleContract), schedule);
        ValueChecks.Add(checks, schedule, schedule with { });
        checks.Add("the rate is finite and at least 0 at every step", () => CheckRates(schedule, options));
        checks.Add("the rate is a function of the step alone", () => CheckPurity(schedule, options));
        checks.Add("a negative step is refused", () =>
        {
            Expect.Throws<ArgumentOutOfRangeException>(() => schedule.RateAt(-1), "RateAt(-1)");
            Expect.Throws<ArgumentOutOfRangeException>(() => schedule.RateAt(long.MinValue), "RateAt(long.MinValue)");
        });
        checks.Add("asking for a rate allocates nothing", () => Allocations.ExpectNone(() => schedule.RateAt(123), "RateAt(123)"));
        AddIf(options.Least ?? options.Greatest, "the rate stays within its bounds and meets them", () => CheckBounds(schedule, options));
        AddIf(options.LargestChange, "the rate changes no faster than it may", () => CheckChange(schedule, options));
        AddIf(options.Period, "the rates repeat themselves after their period", () => CheckPeriod(schedule, options));
        const string Begin = "cycles begin where StepsIn says", Floor = "no rate is below the minimum of the cycles";
        const string Refused = "a negative number of cycles is refused";
        if (schedule is CyclicalSchedule cyclical)
        {
            checks.Add(Begin, () => CheckCycles(cyclical));
            checks.Add(Floor, () => CheckMinimum(cyclical, options));
            checks.Add(Refused, () =>
            {
                Expect.Throws<ArgumentOutOfRangeException>(() => cyclical.StepsIn(-1), "StepsIn(-1)");
                Expect.Throws<ArgumentOutOfRangeException>(() => cyclical.CycleAt(-1), "CycleAt(-1)");
            });
        }
        else
        {
            foreach (string name in (string[])[Begin, Floor, Refused])
                checks.LeaveOut(name, "the schedule does not go in cycles");
        }
        return checks.ToReport();

        void AddIf(double? known, string name, Action check) => checks.AddIf(known is not null, "the options do not say it", name, check);
    }

    // The first steps, and steps far beyond any training, where powers underflow and sums of steps overflow.
    private static IEnumerable<long> StepsOf(ScheduleContractOptions options) =>
        Enumerable.Range(0, options.Steps).Select(step => (long)step)
        .Concat([int.MaxValue, 1L << 40, long.MaxValue - 1, long.MaxValue]);

    private static double[] Rates(LearningRateSchedule schedule, ScheduleContractOptions options) =>
        [.. StepsOf(options).Select(schedule.RateAt)];

    private static void CheckRates(LearningRateSchedule schedule, ScheduleContractOptions options)
    {
        foreach (long step in StepsOf(options))
        {
            double rate = schedule.RateAt(step);
            Expect.That(double.IsFinite(rate) && rate >= 0, $"a rate at step {step} that is finite and at least 0", $"{rate:R}");
        }
    }

    private static void CheckPurity(LearningRateSchedule schedule, ScheduleContractOptions options)
    {
        double[] rates = Rates(schedule, options);
        long[] steps = [.. StepsOf(options)];
        LearningRateSchedule copy = schedule with { };
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            Expect.SameBits(
                rates[i],
                copy.RateAt(steps[i]),
                $"the rate at step {steps[i]} of an equal schedule, asked from the last step to the first");
            Expect.SameBits(rates[i], schedule.RateAt(steps[i]), $"the rate at step {steps[i]}, asked a second time");
        }
        Concurrently.ExpectSame(rates, () => Rates(schedule, options), (expected, found) => Expect.SameBits(expected, found, "the rates"));
    }

    private static void CheckBounds(LearningRateSchedule schedule, ScheduleContractOptions options)
    {
        double[] rates = Rates(schedule, options), first = rates[..options.Steps];
        double scale = options.Greatest ?? first.Max();
        if (options.Least is double least)
        {
            Expect.That(rates.All(rate => rate >= least), $"no rate below {least:R}", $"{rates.Min():R}");
            Expect.That(
                first.Min() <= least + (Nearness * scale),
                $"a rate near {least:R} within {options.Steps} steps",
                $"{first.Min():R} at the least");
        }
        if (options.Greatest is double greatest)
        {
            Expect.That(rates.All(rate => rate <= greatest * (1 + 1e-15)), $"no rate above {greatest:R}", $"{rates.Max():R}");
            Expect.That(
                first.Max() >= greatest * (1 - Nearness),
                $"a rate near {greatest:R} within {options.Steps} steps",
                $"{first.Max():R} at the most");
        }
    }

    private static void CheckChange(LearningRateSchedule schedule, ScheduleContractOptions options)
    {
        double largest = options.LargestChange!.Value;
        double[] rates = Rates(schedule, options)[..options.Steps];
        for (int step = 1; step < rates.Length; step++)
        {
            double change = Math.Abs(rates[step] - rates[step - 1]);
            Expect.That(
                change <= largest * (1 + 1e-12), $"a change of at most {largest:R} from step {step - 1} to the next", $"{change:R}");
        }
    }

    private static void CheckPeriod(LearningRateSchedule schedule, ScheduleContractOptions options)
    {
        int period = options.Period!.Value;
        Expect.That(period > 0, "a period of at least 1", $"{period}");
        for (long step = 0; step < options.Steps; step++)
            Expect.SameBits(schedule.RateAt(step), schedule.RateAt(step + period), $"the rate {period} steps after step {step}");
    }

    private static void CheckCycles(CyclicalSchedule schedule)
    {
        Expect.Equal(0, schedule.StepsIn(0), "the steps of no cycle");
        Expect.Equal(0, schedule.CycleAt(0), "the cycle of step 0");
        for (int cycle = 1; cycle <= Cycles; cycle++)
        {
            long start = schedule.StepsIn(cycle), before = schedule.StepsIn(cycle - 1);
            Expect.That(start > before, $"more steps in {cycle} cycles than in {cycle - 1}, {before}", $"{start}");
            Expect.Equal(cycle - 1, schedule.CycleAt(start - 1), $"the cycle of step {start - 1}, the last of {cycle} cycles");
            Expect.Equal(cycle, schedule.CycleAt(start), $"the cycle of step {start}, the first after {cycle} cycles");
        }
        long most = schedule.StepsIn(int.MaxValue);
        Expect.That(
            most > int.MaxValue,
            $"more than {int.MaxValue} steps in as many cycles, held at {long.MaxValue} where there are more",
            $"{most}");
        int last = schedule.CycleAt(long.MaxValue);
        Expect.That(last > 0, "a cycle above 0 at the last step of all", $"{last}");
    }

    private static void CheckMinimum(CyclicalSchedule schedule, ScheduleContractOptions options)
    {
        double least = Rates(schedule, options).Min();
        Expect.That(least >= schedule.Minimum, $"no rate below Minimum, {schedule.Minimum:R}", $"{least:R}");
    }
}
