using System.Diagnostics;
using DeepLearn.Benchmarks.Steps;
using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>How a fresh process begins: the JIT has nothing yet, and steps get faster as it compiles.</summary>
/// <param name="MillisecondsToFirst">From the start of the program to the end of its first step, the making of the model included.</param>
/// <param name="Microseconds">The time of each step.</param>
internal sealed record FirstSteps(double MillisecondsToFirst, IReadOnlyList<double> Microseconds)
{
    /// <summary>Makes the first steps of this process.</summary>
    /// <param name="programStart">When the program began.</param>
    /// <param name="count">How many steps to time.</param>
    public static FirstSteps Measure(long programStart, int count)
    {
        double[] microseconds = new double[count];
        double first = 0;
        var operands = new StepOperands<float>(new StepCase("3072-50-10", 100));
        using var step = new OwnStep<float>(operands, new Sgd(), Regularizer.None, WorkerPool.Single);
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            step.Step();
            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            if (i == 0)
                first = Stopwatch.GetElapsedTime(programStart).TotalMilliseconds;
        }
        return new(first, microseconds);
    }
}
