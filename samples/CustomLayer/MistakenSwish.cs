using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>
/// <see cref="LearnableSwish"/> with a slip of the pen: its derivative forgets beta in the second term. The network still trains, only
/// worse, and as long as every beta is 1 the derivative is even right. That is what a gradient checker is for.
/// </summary>
internal sealed record MistakenSwish : Layer
{
    /// <summary>Where every beta begins. Default 1.</summary>
    public double InitialBeta { get; init; } = 1;

    public override Shape OutputShape(Shape input) => input;

    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build, InitialBeta);

    private sealed class Runtime<T>(LayerBuild build, double initialBeta) : LearnableSwishRuntime<T>(build, initialBeta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        protected override T Derivative(T x, T beta, T sigmoid) => sigmoid + (x * sigmoid * (T.One - sigmoid));
    }
}
