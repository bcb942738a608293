using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>How a fresh process begins: the element of the JSON that <c>ratios first-steps</c> writes.</summary>
/// <param name="MillisecondsToFirst">From the start of the program to the end of its first step, the making of the model included.</param>
/// <param name="Microseconds">The time of each step, from the first.</param>
/// <param name="SteadyMicroseconds">The time of a step once the JIT has nothing more to do.</param>
internal sealed record FirstStepTimes(double MillisecondsToFirst, IReadOnlyList<double> Microseconds, double SteadyMicroseconds)
{
    /// <summary>How many times slower than a steady step the steps after the first are, by their median.</summary>
    public double EarlyOverSteady => Statistics.Median(Microseconds.Skip(1)) / SteadyMicroseconds;
}
