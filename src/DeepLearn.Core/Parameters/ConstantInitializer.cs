using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>Begins with one number everywhere.</summary>
/// <param name="Value">The number.</param>
public sealed record ConstantInitializer(double Value) : Initializer
{
    /// <summary>Begins with 0 everywhere: how biases begin.</summary>
    public static ConstantInitializer Zero { get; } = new(0);

    /// <inheritdoc/>
    public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination) =>
        destination.Fill(T.CreateChecked(Value));
}
