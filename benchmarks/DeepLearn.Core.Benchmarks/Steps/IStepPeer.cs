using System.Numerics;

namespace DeepLearn.Benchmarks.Steps;

/// <summary>Another implementation of a training step, to be measured beside ours.</summary>
internal interface IStepPeer
{
    /// <summary>The name in options, tables and JSON.</summary>
    string Name { get; }

    /// <summary>Version and what it does, for the head of a report.</summary>
    string Description { get; }

    /// <summary>Why it cannot be measured here, and what it needs; null if it can.</summary>
    string? Unavailable { get; }

    /// <summary>Whether it can make such a step; default: those of plain gradient descent.</summary>
    bool Takes(StepCase stepCase) => !stepCase.UsesAdam;

    /// <summary>Prepares a step on the softmax cross-entropy.</summary>
    IStepRun Prepare<T>(StepOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>A network and a batch that one candidate has prepared.</summary>
internal interface IStepRun : IDisposable
{
    /// <summary>Sets what belongs to the library and not to the call: its number of threads.</summary>
    void Before();

    /// <summary>Makes a step, including the loss.</summary>
    void Step();

    /// <summary>The loss of the batch before the last step, to check that all candidates do the same.</summary>
    double Loss { get; }
}
