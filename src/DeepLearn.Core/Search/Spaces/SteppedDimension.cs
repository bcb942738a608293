namespace DeepLearn.Search.Spaces;

/// <summary>
/// A number on an even scale, all values equally likely: <c>minimum + step i</c> for i from 0 as long as it is not above the maximum.
/// </summary>
/// <example><code>var dropout = new SteppedDimension("dropout", 0, 0.5, step: 0.1);</code></example>
public sealed record SteppedDimension : IndexedDimension<double>
{
    // The largest number of steps whose values are distinct in double arithmetic.
    private const double MostSteps = 1L << 50;

    /// <summary>Makes a dimension with a step.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="minimum">The lowest value, finite.</param>
    /// <param name="maximum">
    /// The highest value, finite and at least <paramref name="minimum"/>; met where it is a whole number of steps away, up to rounding.
    /// </param>
    /// <param name="step">The distance of two values, finite and above 0.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or the step too small for the range.</exception>
    public SteppedDimension(string name, double minimum, double maximum, double step)
        : this(name, minimum, 0, CountOf(minimum, maximum, step), step)
    {
    }

    // A part counts from the minimum of the whole, so that its values have the same bits.
    private SteppedDimension(string name, double origin, long first, long count, double step)
        : base(name)
    {
        Origin = origin;
        First = first;
        Step = step;
        Count = count;
    }

    /// <summary>The lowest value.</summary>
    public double Minimum => ValueAt(0).Number;

    /// <summary>The highest value.</summary>
    public double Maximum => ValueAt(Count - 1).Number;

    /// <summary>The distance of two values.</summary>
    public double Step { get; }

    /// <inheritdoc/>
    public override string Description => $"uniform {Text(Minimum)}..{Text(Maximum)} by {Text(Step)}";

    /// <inheritdoc/>
    protected override long Count { get; }

    private double Origin { get; }

    private long First { get; }

    /// <inheritdoc/>
    public override double Read(ParameterValue value) => NumberOf(value);

    /// <inheritdoc/>
    protected override ParameterValue ValueAt(long index) => new(Origin + ((First + index) * Step));

    /// <inheritdoc/>
    protected override long NearestIndex(ParameterValue value) =>
        (long)Math.Clamp(Math.Floor(((NumberOf(value) - Origin) / Step) + 0.5) - First, 0, Count - 1);

    /// <inheritdoc/>
    protected override Dimension Part(long first, long last) => new SteppedDimension(Name, Origin, First + first, last - first + 1, Step);

    private static long CountOf(double minimum, double maximum, double step)
    {
        RequireRange(minimum, maximum);
        if (!(step > 0) || !double.IsFinite(step))
            throw new ArgumentOutOfRangeException(nameof(step), step, "A step is finite and above 0.");

        // 0.3 is three steps of 0.1, though the quotient of the two is below 3.
        double steps = Math.Floor(((maximum - minimum) / step * (1 + 1e-12)) + 1e-9);
        return steps < MostSteps
            ? (long)steps + 1
            : throw new ArgumentOutOfRangeException(nameof(step), step, $"A step is at least the range over {MostSteps}.");
    }
}
