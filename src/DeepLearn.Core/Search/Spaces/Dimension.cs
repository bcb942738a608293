using System.Globalization;

namespace DeepLearn.Search.Spaces;

/// <summary>One hyper-parameter and the values it may take: an immutable value. Derive from it for a dimension of your own.</summary>
/// <remarks>
/// A dimension is a map between its values and positions in the unit interval, on which it is to be searched evenly: the position of a
/// log-uniform dimension is linear in the logarithm. Samplers choose positions, <see cref="At"/> turns them into values, and ranges are
/// narrowed on the scale of positions. So samplers and dimensions know nothing of each other.
/// </remarks>
public abstract record Dimension
{
    /// <summary>Makes a dimension.</summary>
    /// <param name="name">The hyper-parameter's name, not empty.</param>
    /// <exception cref="ArgumentException">The name is empty, or has half a surrogate pair.</exception>
    protected Dimension(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        WellFormedText.Require(name);
        Name = name;
    }

    /// <summary>The hyper-parameter's name.</summary>
    public string Name { get; }

    /// <summary>When the hyper-parameter is there at all; null, the default, for always. See <see cref="When"/>.</summary>
    public Condition? Condition { get; init; }

    /// <summary>
    /// What tells this dimension from others of the same name, as in <c>log-uniform 1E-05..0.1</c>; the same in every culture.
    /// </summary>
    public abstract string Description { get; }

    /// <summary>The value at a position. The same bits on every machine, and never outside the range.</summary>
    /// <param name="position">
    /// The position; below 0 counts as 0, above 1 as 1. Evenly spread positions in [0, 1) give the dimension's distribution.
    /// </param>
    public abstract ParameterValue At(double position);

    /// <summary>The position of a value, in [0, 1]; values outside the range count as the nearest end.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">It is not of this dimension's kind.</exception>
    public abstract double PositionOf(ParameterValue value);

    /// <summary>Whether a value belongs to this dimension.</summary>
    /// <param name="value">The value.</param>
    public abstract bool Contains(ParameterValue value);

    /// <summary>This dimension for points alone in which another hyper-parameter has one of some values.</summary>
    /// <param name="parent">The name of the other one, which stands before this one in the space and may have a condition itself.</param>
    /// <param name="values">The values of it with which this hyper-parameter is there, at least one.</param>
    /// <exception cref="ArgumentException">There is no value, or the name is empty.</exception>
    public Dimension When(string parent, params ParameterValue[] values) => this with { Condition = new(parent, values) };

    /// <summary>
    /// Whether this dimension's condition is met by values, so that a point with them has a value of it; always where it has none.
    /// </summary>
    /// <param name="values">The values, at least of the dimensions before this one.</param>
    public bool IsActive(IReadOnlyList<NamedValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (Condition is not { } condition)
            return true;
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Name == condition.Parent)
                return condition.IsMetBy(values[i].Value);
        }
        return false;
    }

    /// <summary>The part of this dimension between two positions, under the same condition.</summary>
    /// <param name="low">The lower position, in [0, 1].</param>
    /// <param name="high">The higher position, in [<paramref name="low"/>, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A position is out of its range.</exception>
    public Dimension Between(double low, double high)
    {
        if (!(low >= 0 && low <= 1))
            throw new ArgumentOutOfRangeException(nameof(low), low, "The lower position is in 0..1.");
        if (!(high >= low && high <= 1))
            throw new ArgumentOutOfRangeException(nameof(high), high, $"The higher position is in {Text(low)}..1.");
        return PartBetween(low, high) with { Condition = Condition };
    }

    /// <summary>The part of this dimension that good values suggest: what they span, widened by a margin on both sides.</summary>
    /// <param name="values">The good values, at least one.</param>
    /// <param name="margin">The margin, on the scale of positions, at least 0.</param>
    /// <remarks>The result never goes beyond this dimension.</remarks>
    /// <exception cref="ArgumentException">There is no value, or one is not of this dimension's kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is negative or not a number.</exception>
    public virtual Dimension Around(ReadOnlySpan<ParameterValue> values, double margin)
    {
        if (values.Length == 0)
            throw new ArgumentException("A range is narrowed around at least one value; found none.", nameof(values));
        if (!(margin >= 0))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin is at least 0.");
        double low = 1, high = 0;
        foreach (ParameterValue value in values)
        {
            double position = PositionOf(value);
            low = Math.Min(low, position);
            high = Math.Max(high, position);
        }
        return Between(Math.Max(0, low - margin), Math.Min(1, high + margin));
    }

    /// <summary>
    /// The number of values, where they are finitely many and equally likely; else <see cref="double.PositiveInfinity"/>.
    /// </summary>
    public virtual double ValueCount => double.PositiveInfinity;

    /// <summary>How many points a grid of this dimension has when it is asked for so many.</summary>
    /// <param name="points">The number asked for, at least 1.</param>
    /// <returns>That number, or the number of different values if that is smaller.</returns>
    public virtual int GridCount(int points) => (int)Math.Min(points, ValueCount);

    /// <summary>A point of the grid: the first is the lowest value, the last the highest; a grid of one point has the middle.</summary>
    /// <param name="index">The number of the point, from 0 to <paramref name="count"/> - 1.</param>
    /// <param name="count">The number of points, as <see cref="GridCount"/> gave it.</param>
    public virtual ParameterValue GridPoint(int index, int count) => At(count == 1 ? 0.5 : (double)index / (count - 1));

    /// <summary>Name, description and condition, as in <c>momentum: uniform 0..0.99 when optimizer is "sgd"</c>.</summary>
    public sealed override string ToString() => Condition is null ? $"{Name}: {Description}" : $"{Name}: {Description} when {Condition}";

    /// <summary>
    /// The part of this dimension between two positions, 0 &lt;= low &lt;= high &lt;= 1; its condition is added by the caller.
    /// </summary>
    /// <param name="low">The lower position.</param>
    /// <param name="high">The higher position.</param>
    protected abstract Dimension PartBetween(double low, double high);

    /// <summary>The shortest text that reads back to the same number, in the invariant culture: for <see cref="Description"/>.</summary>
    /// <param name="number">The number.</param>
    protected static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Throws unless both ends are finite and the minimum is not above the maximum.</summary>
    /// <param name="minimum">The lower end.</param>
    /// <param name="maximum">The higher end.</param>
    /// <exception cref="ArgumentOutOfRangeException">An end is out of its range.</exception>
    protected static void RequireRange(double minimum, double maximum)
    {
        if (!double.IsFinite(minimum))
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "The lower end of a range is finite.");
        if (!double.IsFinite(maximum) || maximum < minimum)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maximum), maximum, $"The higher end of a range is finite and at least {Text(minimum)}.");
        }
    }

    /// <summary>The number of a value, for a numeric dimension.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The value is a text.</exception>
    protected double NumberOf(ParameterValue value) =>
        value.IsNumber ? value.Number : throw new ArgumentException($"\"{Name}\" is a number; found the text \"{value}\".", nameof(value));
}
