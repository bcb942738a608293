namespace DeepLearn.Search.Spaces;

/// <summary>A dimension of finitely many values in an order, all equally likely: value i has the positions from i/n to (i + 1)/n.</summary>
/// <typeparam name="TValue">The type of a value.</typeparam>
public abstract record IndexedDimension<TValue> : Dimension<TValue>
{
    /// <summary>Makes a dimension.</summary>
    /// <param name="name">The hyper-parameter's name, not empty.</param>
    /// <exception cref="ArgumentException">The name is empty, or has half a surrogate pair.</exception>
    protected IndexedDimension(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    public override double ValueCount => Count;

    /// <summary>The number of values, at least 1.</summary>
    protected abstract long Count { get; }

    /// <inheritdoc/>
    public override ParameterValue At(double position) => ValueAt(IndexAt(position));

    /// <summary>The position of a value: the middle of the positions that give it.</summary>
    /// <inheritdoc/>
    public override double PositionOf(ParameterValue value) => (NearestIndex(value) + 0.5) / Count;

    /// <inheritdoc/>
    public override bool Contains(ParameterValue value) => value.IsNumber == ValueAt(0).IsNumber && ValueAt(NearestIndex(value)) == value;

    /// <inheritdoc/>
    public override ParameterValue GridPoint(int index, int count) =>
        ValueAt(count == 1 ? IndexAt(0.5) : (long)Math.Floor(((double)index / (count - 1) * (Count - 1)) + 0.5));

    /// <inheritdoc/>
    protected sealed override Dimension PartBetween(double low, double high) => Part(IndexAt(low), IndexAt(high));

    /// <summary>A value.</summary>
    /// <param name="index">Its number, from 0.</param>
    protected abstract ParameterValue ValueAt(long index);

    /// <summary>The number of the value that is nearest to a value of this dimension's kind.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">It is not of this dimension's kind.</exception>
    protected abstract long NearestIndex(ParameterValue value);

    /// <summary>The dimension of the values from one to another.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="last">The number of the last, at least <paramref name="first"/>.</param>
    protected abstract Dimension Part(long first, long last);

    private long IndexAt(double position) => (long)Math.Clamp(Math.Floor(position * Count), 0, Count - 1);
}
