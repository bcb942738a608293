using DeepLearn.Foundation;

namespace DeepLearn.Layers;

/// <summary>One layer of an <see cref="ExecutionPlan"/>.</summary>
public sealed record PlannedLayer
{
    /// <summary>Instead of the number of a buffer: the output of the whole network, whose memory the caller brings.</summary>
    public const int CallersOutput = -1;

    /// <summary>The name of the layer in its sequence, as in <c>dense1</c>.</summary>
    public required string Name { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>Whether it is a pass-through at the front, so that it is not run at all.</summary>
    public bool IsPassedThrough { get; init; }

    /// <summary>Whether its output is written over its input and, backward, the gradient of its input over that of its output.</summary>
    public bool WritesInPlace { get; init; }

    /// <summary>Whether it is a ReLU that is fused into the layer before, so that its own forward pass is not run.</summary>
    public bool IsFused { get; init; }

    /// <summary>Whether it is a ReLU whose backward pass is fused into that of the layer before too.</summary>
    public bool IsFusedBackward { get; init; }

    /// <summary>
    /// Whether its first sweep over its input is done as the end of the layer before: batch normalization's statistics.
    /// </summary>
    public bool FollowsInput { get; init; }

    /// <summary>The number of the buffer that its output is written to, or <see cref="CallersOutput"/>.</summary>
    public int OutputBuffer { get; init; } = CallersOutput;

    /// <summary>
    /// The number of the buffer that the gradient of its input is written to, where that is neither in place nor the caller's.
    /// </summary>
    public int InputGradientBuffer { get; init; }
}
