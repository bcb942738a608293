using System.Globalization;

namespace DeepLearn.Foundation;

/// <summary>
/// The number of processors that one of several concurrent jobs may use. It decides whether the job starts threads beside its workers, and
/// changes no result. An immutable value.
/// </summary>
/// <example><code>
/// // Two trainings at once, each with a pool of half the processors.
/// ProcessorShare half = ProcessorShare.OfOneIn(jobs: 2);
/// using var workers = new WorkerPool(half.Processors, half);
/// </code></example>
public sealed record ProcessorShare
{
    /// <summary>Makes a share.</summary>
    /// <param name="processors">The number of processors, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="processors"/> is below 1.</exception>
    public ProcessorShare(int processors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processors, 1);
        Processors = processors;
    }

    /// <summary>All the processors that the process may use: for a job that runs alone.</summary>
    public static ProcessorShare All { get; } = new(Environment.ProcessorCount);

    /// <summary>The number of processors.</summary>
    public int Processors { get; }

    /// <summary>The share of one of several jobs: an equal part of all processors, rounded down, at least 1.</summary>
    /// <param name="jobs">How many jobs run at the same time, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="jobs"/> is below 1.</exception>
    public static ProcessorShare OfOneIn(int jobs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        return new(Math.Max(1, Environment.ProcessorCount / jobs));
    }

    /// <summary>The number, as in <c>2 processors</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Processors} processors");
}
