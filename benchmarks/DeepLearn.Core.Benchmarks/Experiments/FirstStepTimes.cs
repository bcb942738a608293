using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>The first steps of a process: the element of the JSON that <c>ratios first-steps</c> writes.</summary>
/// <param name="MillisecondsToFirst">
/// The time from the start of the program to the end of its first step, including the construction of the model.
/// </param>
/// <param name="Microseconds">The time of each step, from the first on.</param>
/// <param name="SteadyMicroseconds">The time of a step after the JIT has compiled everything.</param>
internal sealed record FirstStepTimes(double MillisecondsToFirst, IReadOnlyList<double> Microseconds, double SteadyMicroseconds)
{
    /// <summary>The median of the steps after the first, divided by the steady step.</summary>
    public double EarlyOverSteady => Statistics.Median(Microseconds.Skip(1)) / SteadyMicroseconds;
}
