using DeepLearn.Schedules;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Schedules;

/// <summary>
/// The schedules against the formulas of the documentation of PyTorch's schedulers, written here anew and in the way they are stated there.
/// </summary>
public class PyTorchScheduleTests
{
    private const double Tolerance = 1e-12;

    /// <summary>
    /// Rates worked out in another language with the expressions of PyTorch's <c>get_lr</c>, which are not those of its documentation: the
    /// place within the cycle as a fraction of it, phases with their ends, a count that is wound back.
    /// </summary>
    [Fact]
    public void Schedules_rates_equal_those_computed_by_PyTorch()
    {
        long[] steps = [0, 1, 6, 7, 8, 13, 14, 22, 40, 99];
        Near(
            new TriangularSchedule(0.001, 0.1, 7), steps,
            [
                0.001, 0.015142857142857138, 0.08585714285714287, 0.1, 0.08585714285714287, 0.015142857142857138, 0.001,
                0.08585714285714291, 0.029285714285714276, 0.015142857142857093
            ]);
        Near(
            new Triangular2Schedule(0.001, 0.1, 7), steps,
            [
                0.001, 0.015142857142857138, 0.08585714285714287, 0.1, 0.08585714285714287, 0.015142857142857138, 0.001,
                0.043428571428571455, 0.00807142857142857, 0.001110491071428571
            ]);
        Near(
            new ExponentialRangeSchedule(0.001, 0.1, 7, 0.97), steps,
            [
                0.001, 0.014718571428571425, 0.07168362441826084, 0.08099030163333186, 0.06750622221514163, 0.01051852598948455, 0.001,
                0.04441767453890104, 0.009364433272146887, 0.0016933281715191665
            ]);

        steps = [0, 1, 4, 5, 6, 10, 12, 19];
        var one = new OneCycleSchedule(0.1, 20);
        Near(
            one, steps,
            [
                0.0040000000000000036, 0.013167184270002533, 0.09083281572999748, 0.1, 0.09874640062350874, 0.07169430017913009, 0.0500002,
                4e-07
            ]);
        Near(
            one with { ThreePhases = true }, steps,
            [
                0.0040000000000000036, 0.013167184270002533, 0.09083281572999748, 0.1, 0.09083281572999748, 0.004, 0.0035321356773493316,
                4e-07
            ]);
        one = one with { Shape = AnnealingShape.Linear };
        Near(
            one, steps,
            [
                0.004, 0.023200000000000002, 0.08080000000000001, 0.1, 0.09285717142857143, 0.06428585714285714, 0.0500002,
                3.999999999976245e-07
            ]);
        Near(
            one with { ThreePhases = true }, steps,
            [
                0.004, 0.023200000000000002, 0.08080000000000001, 0.1, 0.08080000000000001, 0.0040000000000000036, 0.0031112,
                4.0000000000022656e-07
            ]);

        steps = [0, 1, 4, 5, 9, 14, 15, 34, 39];
        Near(
            new CosineWarmRestartsSchedule(0.1, 5, 2, 0.002), steps,
            [
                0.1, 0.09064183272437243, 0.01135816727562758, 0.1, 0.06614183272437243, 0.004398230701537477, 0.1, 0.0026032713108382548,
                0.09760176929846254
            ]);

        static void Near(LearningRateSchedule schedule, long[] steps, double[] rates)
        {
            Assert.Equal(rates.Length, steps.Length);
            for (int i = 0; i < steps.Length; i++)
                Assert.Equal(rates[i], schedule.RateAt(steps[i]), Tolerance);
        }
    }

    [Property(MaxTest = 60)]
    public Property CyclicalSchedules_of_random_options_follow_formula_of_CyclicLR_in_PyTorch() => Prop.ForAll(
        (from low in Gen.Choose(0, 100)
         from high in Gen.Choose(100, 1000)
         from size in Gen.Choose(1, 300)
         from gamma in Gen.Choose(9000, 10_000)
         select (low, high, size, gamma)).ToArbitrary(),
        test =>
        {
            double low = test.low * 1e-4, high = test.high * 1e-3, gamma = test.gamma * 1e-4;
            var triangular = new TriangularSchedule(low, high, test.size);
            var triangular2 = new Triangular2Schedule(low, high, test.size);
            var range = new ExponentialRangeSchedule(low, high, test.size, gamma);
            for (int step = 0; step < 2000; step += 1 + (step / 50))
            {
                Assert.Equal(Cyclic(low, high, test.size, step, (cycle, iteration) => 1), triangular.RateAt(step), Tolerance);
                Assert.Equal(
                    Cyclic(low, high, test.size, step, (cycle, iteration) => 1 / Math.Pow(2, cycle - 1)), triangular2.RateAt(step),
                    Tolerance);
                Assert.Equal(
                    Cyclic(low, high, test.size, step, (cycle, iteration) => Math.Pow(gamma, iteration)), range.RateAt(step), Tolerance);
            }
        });

    [Property(MaxTest = 60)]
    public Property OneCycleSchedule_of_random_options_follows_formula_of_OneCycleLR_in_PyTorch() => Prop.ForAll(
        (from total in Gen.Choose(2, 500)
         from rise in Gen.Choose(0, 50)
         from div in Gen.Choose(1, 50)
         from final in Gen.Choose(1, 10_000)
         select (total, rise, div, final)).ToArbitrary(),
        test =>
        {
            // Where a phase has no length, PyTorch divides by zero.
            double rise = (test.rise + 0.123) / 101;
            foreach (bool threePhases in new[] { false, true })
            {
                // Three phases that miss the maximum are refused.
                if (threePhases && (test.total < 7 || rise * test.total < 2))
                    continue;
                foreach (AnnealingShape shape in Enum.GetValues<AnnealingShape>())
                {
                    var schedule = new OneCycleSchedule(0.3, test.total)
                    { Rise = rise, StartDivisor = test.div, EndDivisor = test.final, Shape = shape, ThreePhases = threePhases };
                    for (int step = 0; step < test.total; step++)
                    {
                        Assert.Equal(
                            OneCycle(0.3, test.total, rise, test.div, test.final, shape, threePhases, step), schedule.RateAt(step),
                            Tolerance);
                    }
                    Assert.Equal(schedule.RateAt(test.total - 1), schedule.RateAt(test.total + 7));
                }
            }
        });

    [Property(MaxTest = 60)]
    public Property CosineWarmRestartsSchedule_of_random_options_follows_formula_of_PyTorch() => Prop.ForAll(
        (from first in Gen.Choose(1, 200)
         from growth in Gen.Choose(1, 4)
         from low in Gen.Choose(0, 100)
         select (first, growth, low)).ToArbitrary(),
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
    public void ExponentialStepCosineAndPolynomialSchedules_follow_their_formulas_at_every_step()
    {
        double exponential = 0.2;
        for (int step = 0; step < 500; step++)
        {
            Assert.Equal(exponential, new ExponentialSchedule(0.2, 0.995).RateAt(step), Tolerance);
            exponential *= 0.995;
            Assert.Equal(0.2 * Math.Pow(0.3, step / 40), new StepSchedule(0.2, 40, 0.3).RateAt(step), Tolerance);
            Assert.Equal(
                0.01 + (0.19 * (1 + Math.Cos(Math.PI * Math.Min(step, 300) / 300)) / 2), new CosineSchedule(0.2, 300, 0.01).RateAt(step),
                Tolerance);
            Assert.Equal(
                0.2 * Math.Pow(1 - (Math.Min(step, 300) / 300.0), 1.7), new PolynomialSchedule(0.2, 300, 1.7).RateAt(step), Tolerance);
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
    private static double OneCycle(
        double max, int total, double rise, double div, double final, AnnealingShape shape, bool threePhases, int step)
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
