using DeepLearn.Kernels;

namespace DeepLearn.Search.Spaces;

/// <summary>
/// A positive number whose logarithm is uniform over a range: <c>exp(ln minimum + u (ln maximum - ln minimum))</c>. For quantities whose
/// order of magnitude is unknown, such as a learning rate or a regularization strength.
/// </summary>
/// <remarks>
/// Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", 2012 (there: "drawn exponentially"). Exponential and logarithm
/// are the library's own, so that a seed gives the same bits on every machine.
/// </remarks>
/// <example><code>
/// var rate = new LogUniformDimension("rate", 1e-5, 1e-1);    // as often from 1e-5 to 1e-4 as from 1e-2 to 1e-1
/// </code></example>
public sealed record LogUniformDimension : Dimension<double>
{
    /// <summary>Makes a log-uniform dimension.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="minimum">The lowest value, finite and above 0.</param>
    /// <param name="maximum">The highest value, finite and at least <paramref name="minimum"/>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is out of its range.</exception>
    public LogUniformDimension(string name, double minimum, double maximum)
        : base(name)
    {
        RequireRange(minimum, maximum);
        if (minimum <= 0)
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "The lower end of a logarithmic range is above 0.");
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The lowest value.</summary>
    public double Minimum { get; }

    /// <summary>The highest value.</summary>
    public double Maximum { get; }

    /// <inheritdoc/>
    public override string Description => $"log-uniform {Text(Minimum)}..{Text(Maximum)}";

    /// <inheritdoc/>
    public override ParameterValue At(double position) => new(Value(position));

    /// <inheritdoc/>
    public override double PositionOf(ParameterValue value)
    {
        double number = NumberOf(value);
        if (number <= Minimum)
            return 0;
        if (number >= Maximum)
            return 1;
        double low = VectorMath.Log(Minimum);
        return Math.Clamp((VectorMath.Log(number) - low) / (VectorMath.Log(Maximum) - low), 0, 1);
    }

    /// <inheritdoc/>
    public override bool Contains(ParameterValue value) => value.IsNumber && value.Number >= Minimum && value.Number <= Maximum;

    /// <inheritdoc/>
    public override double Read(ParameterValue value) => value.Number;

    /// <inheritdoc/>
    protected override Dimension PartBetween(double low, double high) =>
        new LogUniformDimension(Name, Value(low), Value(high));

    // The ends are met exactly, which the formula alone would miss by a rounding.
    private double Value(double position)
    {
        if (position <= 0)
            return Minimum;
        if (position >= 1)
            return Maximum;
        double low = VectorMath.Log(Minimum);
        return Math.Clamp(VectorMath.Exp(low + (position * (VectorMath.Log(Maximum) - low))), Minimum, Maximum);
    }
}
