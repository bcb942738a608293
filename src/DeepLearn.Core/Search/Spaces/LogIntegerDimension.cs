using System.Globalization;
using DeepLearn.Kernels;

namespace DeepLearn.Search.Spaces;

/// <summary>
/// A positive whole number whose logarithm is about uniform over a range, both ends included: the nearest whole number to a log-uniform one
/// over <c>minimum - 1/2 .. maximum + 1/2</c>. For numbers whose order of magnitude is unknown, such as a width or a batch size.
/// </summary>
/// <example><code>var units = new LogIntegerDimension("units", 8, 1024);    // about as often 8 to 16 as 512 to 1024</code></example>
public sealed record LogIntegerDimension : Dimension<int>
{
    /// <summary>Makes a log-uniform whole-numbered dimension.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="minimum">The lowest value, at least 1.</param>
    /// <param name="maximum">The highest value, at least <paramref name="minimum"/>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is out of its range.</exception>
    public LogIntegerDimension(string name, int minimum, int maximum)
        : base(name)
    {
        RequireRange(minimum, maximum);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimum, 1);
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The lowest value.</summary>
    public int Minimum { get; }

    /// <summary>The highest value.</summary>
    public int Maximum { get; }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"log-uniform integer {Minimum}..{Maximum}");

    private double Low => VectorMath.Log(Minimum - 0.5);

    private double High => VectorMath.Log(Maximum + 0.5);

    /// <inheritdoc/>
    public override ParameterValue At(double position) => new(Value(position));

    /// <inheritdoc/>
    public override double PositionOf(ParameterValue value)
    {
        double number = Math.Clamp(NumberOf(value), Minimum, Maximum);
        return Math.Clamp((VectorMath.Log(number) - Low) / (High - Low), 0, 1);
    }

    /// <inheritdoc/>
    public override bool Contains(ParameterValue value) =>
        value.IsNumber && value.Number >= Minimum && value.Number <= Maximum && value.Number == Math.Floor(value.Number);

    /// <inheritdoc/>
    public override int Read(ParameterValue value) => (int)NumberOf(value);

    /// <inheritdoc/>
    public override int GridCount(int points) => (int)Math.Min(points, (double)Maximum - Minimum + 1);

    /// <inheritdoc/>
    public override ParameterValue GridPoint(int index, int count)
    {
        // Between the first points, steps of the logarithm may be smaller than 1: each point is at least 1 above the one before it.
        double value = Value(count == 1 ? 0.5 : (double)index / (count - 1));
        return new(count == 1 ? value : Math.Clamp(value, (double)Minimum + index, (double)Maximum - (count - 1 - index)));
    }

    /// <inheritdoc/>
    protected override Dimension PartBetween(double low, double high) => new LogIntegerDimension(Name, (int)Value(low), (int)Value(high));

    private double Value(double position) =>
        Math.Clamp(Math.Floor(VectorMath.Exp(Low + (Math.Clamp(position, 0, 1) * (High - Low))) + 0.5), Minimum, Maximum);
}
