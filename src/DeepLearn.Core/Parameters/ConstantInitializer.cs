using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>Sets every element to the same number.</summary>
/// <param name="Value">The number, finite.</param>
/// <exception cref="ArgumentOutOfRangeException">The number is infinite or not one.</exception>
/// <example><code>var layer = new Dense(10) { Biases = new ConstantInitializer(0.1) };</code></example>
public sealed record ConstantInitializer(double Value) : Initializer
{
    /// <summary>The number, finite.</summary>
    public double Value { get; init => field = Finite(value); } = Finite(Value);

    /// <summary>Sets every element to 0: the default for biases.</summary>
    public static ConstantInitializer Zero { get; } = new(0);

    /// <inheritdoc/>
    public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination) =>
        destination.Fill(T.CreateChecked(Value));

    private static double Finite(double value) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(Value), FormattableString.Invariant($"A parameter begins with a finite number; found {value}."));
}
