using System.Numerics;

namespace DeepLearn.Benchmarks.Steps;

/// <summary>Another way to make a training step, to be measured beside ours.</summary>
internal interface IStepPeer
{
    /// <summary>The name in options, tables and JSON.</summary>
    string Name { get; }

    /// <summary>Version and what it does, for the head of a report.</summary>
    string Description { get; }

    /// <summary>Why it cannot be measured here, and what it needs; null where it can.</summary>
    string? Unavailable { get; }

    /// <summary>Makes the step ready: plain gradient descent on softmax cross-entropy.</summary>
    IStepRun Prepare<T>(StepOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>One network with its batch, ready for a step by one candidate.</summary>
internal interface IStepRun : IDisposable
{
    /// <summary>Sets what is the library's and not the call's: its number of threads.</summary>
    void Before();

    /// <summary>Makes a step, the loss included.</summary>
    void Step();

    /// <summary>The loss of the batch before the last step, to see that all do the same.</summary>
    double Loss { get; }
}
