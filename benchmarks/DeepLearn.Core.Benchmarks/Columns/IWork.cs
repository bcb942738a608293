namespace DeepLearn.Benchmarks.Columns;

/// <summary>A parameter of a benchmark that knows how much work one call is, for the throughput columns.</summary>
public interface IWork
{
    /// <summary>The floating-point operations of one call; 0 where that is not what is counted.</summary>
    double Operations { get; }

    /// <summary>The elements that one call has to read and write at least, each once; 0 where that is not what is counted.</summary>
    double Elements { get; }
}
