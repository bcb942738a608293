namespace DeepLearn.Benchmarks.Predictions;

/// <summary>Another library that predicts with our networks, to be measured beside us.</summary>
internal interface IPredictionPeer
{
    /// <summary>The name in options, tables and JSON.</summary>
    string Name { get; }

    /// <summary>The library, for the heading of a report.</summary>
    string Library { get; }

    /// <summary>Version and what it does, for the head of a report.</summary>
    string Description { get; }

    /// <summary>Why it cannot be measured here, and what it needs; null if it can.</summary>
    string? Unavailable { get; }

    /// <summary>How long its threads spin after a call, and keep processors from the candidate whose turn is next.</summary>
    TimeSpan Spins { get; }

    /// <summary>Prepares a prediction with the weights of our model.</summary>
    /// <param name="operands">The model and the examples.</param>
    /// <param name="threads">The number of threads.</param>
    IPredictionRun Prepare(PredictionOperands operands, int threads);
}

/// <summary>A network and a batch that one candidate has prepared.</summary>
internal interface IPredictionRun : IDisposable
{
    /// <summary>Sets what belongs to the library and not to the call: its number of threads.</summary>
    void Before();

    /// <summary>Predicts the whole batch.</summary>
    void Predict();

    /// <summary>The outputs of the last prediction, one example after the other.</summary>
    ReadOnlySpan<float> Outputs { get; }
}
