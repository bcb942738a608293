using System.Globalization;

namespace DeepLearn.Search.Spaces;

/// <summary>A whole number in a range, both ends included, all equally likely: <c>minimum + floor(u (maximum - minimum + 1))</c>.</summary>
public sealed record IntegerDimension : Dimension
{
    /// <summary>A whole-numbered dimension.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="minimum">The lowest value.</param>
    /// <param name="maximum">The highest value, at least <paramref name="minimum"/>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximum"/> is below <paramref name="minimum"/>.</exception>
    public IntegerDimension(string name, int minimum, int maximum)
        : base(name)
    {
        RequireRange(minimum, maximum);
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The lowest value.</summary>
    public int Minimum { get; }

    /// <summary>The highest value.</summary>
    public int Maximum { get; }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"integer {Minimum}..{Maximum}");

    private double Count => (double)Maximum - Minimum + 1;

    /// <inheritdoc/>
    public override ParameterValue At(double position) => new(Value(position));

    /// <summary>The position of a value: the middle of the positions that give it.</summary>
    /// <inheritdoc/>
    public override double PositionOf(ParameterValue value) => (Math.Clamp(NumberOf(value), Minimum, Maximum) - Minimum + 0.5) / Count;

    /// <inheritdoc/>
    public override bool Contains(ParameterValue value) =>
        value.IsNumber && value.Number >= Minimum && value.Number <= Maximum && value.Number == Math.Floor(value.Number);

    /// <inheritdoc/>
    public override Dimension Between(double low, double high)
    {
        RequirePositions(low, high);
        return new IntegerDimension(Name, (int)Value(low), (int)Value(high));
    }

    /// <inheritdoc/>
    public override int GridCount(int points) => (int)Math.Min(points, Count);

    /// <inheritdoc/>
    public override ParameterValue GridPoint(int index, int count) =>
        new(count == 1 ? Value(0.5) : Minimum + Math.Floor(((double)index / (count - 1) * (Count - 1)) + 0.5));

    private double Value(double position) => Math.Clamp(Minimum + Math.Floor(position * Count), Minimum, Maximum);
}
