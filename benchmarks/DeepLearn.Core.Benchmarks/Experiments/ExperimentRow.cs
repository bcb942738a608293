namespace DeepLearn.Benchmarks.Experiments;

/// <summary>One way to run the experiment: an element of the JSON that <c>ratios experiment</c> writes. Times are medians of the
/// rounds.</summary>
/// <param name="Threads">The threads that share a step and an evaluation.</param>
/// <param name="Prefetch">The number of batches that another thread makes in advance; 0 for none.</param>
/// <param name="Steps">The number of updates.</param>
/// <param name="Seconds">The time of the whole run, including data path and evaluations.</param>
/// <param name="StepsPerSecond">Updates a second over the whole run.</param>
/// <param name="BareStepsPerSecond">Updates a second of the bare step, which repeats one batch, on as many threads.</param>
/// <param name="ShareOfBareStep">The first divided by the second, within each round.</param>
internal sealed record ExperimentRow(
    int Threads, int Prefetch, long Steps, double Seconds, double StepsPerSecond, double BareStepsPerSecond, double ShareOfBareStep)
{
    /// <summary>The lower quartile of the rounds' shares.</summary>
    public double ShareLower { get; init; }

    /// <summary>The upper quartile of the rounds' shares.</summary>
    public double ShareUpper { get; init; }

    /// <summary>The number of rounds.</summary>
    public int Rounds { get; init; }

    /// <summary>The share without the evaluations; what is missing to 1 is the cost of the data path and the trainer.</summary>
    public double ShareOfUpdates { get; init; }

    /// <summary>The time of a bare step in microseconds.</summary>
    public double StepMicroseconds { get; init; }

    /// <summary>The time to make one batch on the calling thread, in microseconds.</summary>
    public double BatchMicroseconds { get; init; }

    /// <summary>The time of one evaluation in milliseconds.</summary>
    public double EvaluationMilliseconds { get; init; }

    /// <summary>The number of evaluations in the run.</summary>
    public int Evaluations { get; init; }

    /// <summary>The fraction of the test images that the trained model classifies correctly.</summary>
    public double TestAccuracy { get; init; }

    /// <summary>The bytes of data that the trainer states.</summary>
    public long DataBytes { get; init; }

    /// <summary>The bytes of parameters and gradients that the trainer states.</summary>
    public long ParameterBytes { get; init; }

    /// <summary>The bytes of optimizer state that the trainer states.</summary>
    public long OptimizerBytes { get; init; }

    /// <summary>The bytes of working memory that the trainer states.</summary>
    public long BufferBytes { get; init; }

    /// <summary>The bytes of the test images, which the trainer does not hold.</summary>
    public long TestBytes { get; init; }

    /// <summary>The sum of all stated bytes.</summary>
    public long StatedBytes => DataBytes + ParameterBytes + OptimizerBytes + BufferBytes + TestBytes;

    /// <summary>The bytes of the managed heap after the run, without garbage.</summary>
    public long HeapBytes { get; init; }

    /// <summary>The peak memory of this row's process, in bytes.</summary>
    public long PeakWorkingSetBytes { get; init; }
}
