using System.Diagnostics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Steps;
using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>Times the first steps of a process, which get faster as the JIT compiles.</summary>
internal static class FirstSteps
{
    private const int SteadySteps = 200;

    /// <summary>Makes the first steps of this process, and then as many more as it takes until the JIT has finished.</summary>
    /// <param name="programStart">When the program started.</param>
    /// <param name="count">The number of steps to time.</param>
    public static FirstStepTimes Measure(long programStart, int count)
    {
        double[] microseconds = new double[count];
        double first = 0;
        var operands = new StepOperands<float>(new StepCase("3072-50-10", 100));
        using var step = new OwnStep<float>(operands, new Sgd(), Regularizer.None, WorkerPool.Single);
        for (int i = 0; i < count; i++)
        {
            microseconds[i] = Time(step);
            if (i == 0)
                first = Stopwatch.GetElapsedTime(programStart).TotalMilliseconds;
        }
        JitWarmUp.Settle(step.Step);
        double[] steady = [.. Enumerable.Range(0, SteadySteps).Select(_ => Time(step))];
        return new(first, microseconds, Statistics.Median(steady));
    }

    private static double Time(OwnStep<float> step)
    {
        long start = Stopwatch.GetTimestamp();
        step.Step();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
