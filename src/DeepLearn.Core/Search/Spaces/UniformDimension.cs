namespace DeepLearn.Search.Spaces;

/// <summary>A number whose values in a range are all equally likely: <c>minimum + u (maximum - minimum)</c>.</summary>
/// <example><code>var momentum = new UniformDimension("momentum", 0, 0.99);</code></example>
public sealed record UniformDimension : Dimension<double>
{
    /// <summary>Makes a uniform dimension.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="minimum">The lowest value, finite.</param>
    /// <param name="maximum">The highest value, finite and at least <paramref name="minimum"/>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is out of its range, or their difference overflows.</exception>
    public UniformDimension(string name, double minimum, double maximum)
        : base(name)
    {
        RequireRange(minimum, maximum);
        if (!double.IsFinite(maximum - minimum))
            throw new ArgumentOutOfRangeException(nameof(maximum), maximum, "The width of a uniform range is finite.");
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The lowest value.</summary>
    public double Minimum { get; }

    /// <summary>The highest value.</summary>
    public double Maximum { get; }

    /// <inheritdoc/>
    public override string Description => $"uniform {Text(Minimum)}..{Text(Maximum)}";

    /// <inheritdoc/>
    public override ParameterValue At(double position) => new(Value(position));

    /// <inheritdoc/>
    public override double PositionOf(ParameterValue value)
    {
        double number = NumberOf(value);
        return number <= Minimum ? 0 : number >= Maximum ? 1 : (number - Minimum) / (Maximum - Minimum);
    }

    /// <inheritdoc/>
    public override bool Contains(ParameterValue value) => value.IsNumber && value.Number >= Minimum && value.Number <= Maximum;

    /// <inheritdoc/>
    public override double Read(ParameterValue value) => value.Number;

    /// <inheritdoc/>
    protected override Dimension PartBetween(double low, double high) =>
        new UniformDimension(Name, Value(low), Value(high));

    // The ends are met exactly, which the formula alone would miss by a rounding.
    private double Value(double position) =>
        position <= 0 ? Minimum
        : position >= 1 ? Maximum
        : Math.Clamp(Minimum + (position * (Maximum - Minimum)), Minimum, Maximum);
}
