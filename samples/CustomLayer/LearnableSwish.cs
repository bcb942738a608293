using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>
/// A layer of our own: <c>y = x * sigmoid(beta * x)</c>, where each channel (the last axis of the input) learns its beta. At beta = 0 it is
/// half the identity, at 1 the library's Silu, and for large beta it comes close to a ReLU. (Ramachandran, Zoph and Le, "Searching
/// for Activation Functions", 2017.)
/// </summary>
/// <remarks>
/// This half is the specification: an immutable value, compared by its options, without precision and without buffers. The half that
/// works is <see cref="LearnableSwishRuntime{T}"/>.
/// </remarks>
internal sealed record LearnableSwish : Layer
{
    /// <summary>Where every beta begins. Default 1.</summary>
    public double InitialBeta { get; init; } = 1;

    public override Shape OutputShape(Shape input) => input;

    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new LearnableSwishRuntime<T>(build, InitialBeta);
}
