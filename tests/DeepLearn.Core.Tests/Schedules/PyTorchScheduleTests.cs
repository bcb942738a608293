using DeepLearn.Schedules;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DeepLearn.Tests.Schedules;

/// <summary>
/// The schedules against the formulas of the documentation of PyTorch's schedulers, written here anew and in the way they are stated there.
/// </summary>
public class PyTorchScheduleTests
{
    private const double Tolerance = 1e-12;

    [Property(MaxTest = 60)]
    public Property CyclicLR() => Prop.ForAll(
        (from low in Gen.Choose(0, 100) from high in Gen.Choose(100, 1000) from size in Gen.Choose(1, 300) from gamma in Gen.Choose(9000, 10_000) select (low, high, size, gamma)).ToArbitrary(),
        test =>
        {
            double low = test.low * 1e-4, high = test.high * 1e-3, gamma = test.gamma * 1e-4;
            var triangular = new TriangularSchedule(low, high, test.size);
            var triangular2 = new Triangular2Schedule(low, high, test.size);
            var range = new ExponentialRangeSchedule(low, high, test.size, gamma);
            for (int step = 0; step < 2000; step += 1 + (step / 50))
            {
                Assert.Equal(Cyclic(low, high, test.size, step, (cycle, iteration) => 1), triangular.RateAt(step), Tolerance);
                Assert.Equal(Cyclic(low, high, test.size, step, (cycle, iteration) => 1 / Math.Pow(2, cycle - 1)), triangular2.RateAt(step), Tolerance);
                Assert.Equal(Cyclic(low, high, test.size, step, (cycle, iteration) => Math.Pow(gamma, iteration)), range.RateAt(step), Tolerance);
            }
        });

    [Property(MaxTest = 60)]
    public Property OneCycleLR() => Prop.ForAll(
        (from total in Gen.Choose(2, 500) from rise in Gen.Choose(0, 50) from div in Gen.Choose(1, 50) from final in Gen.Choose(1, 10_000) select (total, rise, div, final)).ToArbitrary(),
        test =>
        {
            // Where a phase has no length, PyTorch divides by zero.
            double rise = (test.rise + 0.123) / 101;
            foreach (bool threePhases in new[] { false, true })
            {
                foreach (AnnealingShape shape in Enum.GetValues<AnnealingShape>())
                {
                    var schedule = new OneCycleSchedule(0.3, test.total) { Rise = rise, StartDivisor = test.div, EndDivisor = test.final, Shape = shape, ThreePhases = threePhases };
                    for (int step = 0; step < test.total; step++)
                        Assert.Equal(OneCycle(0.3, test.total, rise, test.div, test.final, shape, threePhases, step), schedule.RateAt(step), Tolerance);
                    Assert.Equal(schedule.RateAt(test.total - 1), schedule.RateAt(test.total + 7));
                }
            }
        });

    [Property(MaxTest = 60)]
    public Property CosineAnnealingWarmRestarts() => Prop.ForAll(
        (from first in Gen.Choose(1, 200) from growth in Gen.Choose(1, 4) from low in Gen.Choose(0, 100) select (first, growth, low)).ToArbitrary(),
        test =>
        {
            double low = test.low * 1e-3, high = 0.1 + low;
            var schedule = new CosineWarmRestartsSchedule(high, test.first, test.growth, low);

            // eta_min + (eta_max - eta_min) (1 + cos(pi T_cur / T_i)) / 2, advanced step by step.
            int current = 0, length = test.first;
            for (int step = 0; step < 1500; step++)
            {
                Assert.Equal(low + ((high - low) * (1 + Math.Cos(Math.PI * current / length)) / 2), schedule.RateAt(step), Tolerance);
                if (++current == length)
                {
                    current = 0;
                    length *= test.growth;
                }
            }
        });

    [Fact]
    public void TheSimpleOnes()
    {
        double exponential = 0.2;
        for (int step = 0; step < 500; step++)
        {
            Assert.Equal(exponential, new ExponentialSchedule(0.2, 0.995).RateAt(step), Tolerance);
            exponential *= 0.995;
            Assert.Equal(0.2 * Math.Pow(0.3, step / 40), new StepSchedule(0.2, 40, 0.3).RateAt(step), Tolerance);
            Assert.Equal(0.01 + (0.19 * (1 + Math.Cos(Math.PI * Math.Min(step, 300) / 300)) / 2), new CosineSchedule(0.2, 300, 0.01).RateAt(step), Tolerance);
            Assert.Equal(0.2 * Math.Pow(1 - (Math.Min(step, 300) / 300.0), 1.7), new PolynomialSchedule(0.2, 300, 1.7).RateAt(step), Tolerance);
        }
    }

    /// <summary>base_lr + (max_lr - base_lr) max(0, 1 - |x|) scale, with cycle = floor(1 + t / 2n) and x = t / n - 2 cycle + 1.</summary>
    private static double Cyclic(double low, double high, int size, int step, Func<double, int, double> scale)
    {
        double cycle = Math.Floor(1 + (step / (2.0 * size)));
        double x = Math.Abs((step / (double)size) - (2 * cycle) + 1);
        return low + ((high - low) * Math.Max(0, 1 - x) * scale(cycle, step));
    }

    /// <summary>The phases in turn: the first whose end has not been passed gives the rate.</summary>
    private static double OneCycle(double max, int total, double rise, double div, double final, AnnealingShape shape, bool threePhases, int step)
    {
        double initial = max / div, min = initial / final;
        (double End, double From, double To)[] phases = threePhases
            ? [((rise * total) - 1, initial, max), ((2 * rise * total) - 2, max, initial), (total - 1, initial, min)]
            : [((rise * total) - 1, initial, max), (total - 1, max, min)];
        double start = 0;
        for (int i = 0; ; i++)
        {
            if (step <= phases[i].End || i == phases.Length - 1)
            {
                double fraction = (step - start) / (phases[i].End - start);
                return shape == AnnealingShape.Linear
                    ? ((phases[i].To - phases[i].From) * fraction) + phases[i].From
                    : phases[i].To + ((phases[i].From - phases[i].To) / 2 * (1 + Math.Cos(Math.PI * fraction)));
            }
            start = phases[i].End;
        }
    }
}
