namespace DeepLearn.Benchmarks.Columns;

/// <summary>A parameter of a benchmark that gives the work of one call, for the throughput columns.</summary>
public interface IWork
{
    /// <summary>The floating-point operations of one call; 0 if they are not counted.</summary>
    double Operations { get; }

    /// <summary>The elements that one call must read and write, each counted once; 0 if they are not counted.</summary>
    double Elements { get; }
}
