using System.Numerics;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>Another library's convolutions, to be measured beside ours.</summary>
internal interface IConvolutionPeer
{
    /// <summary>The name in options, tables and JSON.</summary>
    string Name { get; }

    /// <summary>Version and what it does, for the head of a report.</summary>
    string Description { get; }

    /// <summary>Why it cannot be measured here, and what it needs; null if it can.</summary>
    string? Unavailable { get; }

    /// <summary>Prepares a convolution.</summary>
    IConvolutionRun Prepare<T>(ConvolutionOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Prepares a network with the parameters of ours.</summary>
    INetworkRun Prepare<T>(NetworkOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The three passes of a convolution by one candidate.</summary>
internal interface IConvolutionRun : IDisposable
{
    /// <summary>Sets what belongs to the library and not to the call: its number of threads.</summary>
    void Before();

    void Forward();

    void WeightGradient();

    void InputGradient();

    /// <summary>The result of the last call of a pass, in our layout: outputs, gradient of the weights or gradient of the inputs.</summary>
    double[] Result(string pass);
}

/// <summary>A network by one candidate.</summary>
internal interface INetworkRun : IDisposable
{
    /// <summary>Sets what belongs to the library and not to the call: its number of threads.</summary>
    void Before();

    /// <summary>Makes a step of plain gradient descent, including the loss.</summary>
    void Step();

    /// <summary>Predicts the batch, with the statistics that training has collected.</summary>
    void Predict();

    /// <summary>The loss of the batch before the last step, to check that all candidates do the same.</summary>
    double Loss { get; }
}
