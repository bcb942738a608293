using DeepLearn.Foundation;

namespace DeepLearn.Search.Spaces;

/// <summary>
/// One of several values in an order, all equally likely: for choices that have neighbors, such as batch sizes of 16, 64 and 256. A
/// <see cref="CategoricalDimension"/> is for choices that have none.
/// </summary>
/// <example><code>var batch = new OrderedDimension("batch", 16, 32, 64, 128);</code></example>
public sealed record OrderedDimension : IndexedDimension<ParameterValue>
{
    /// <summary>Makes a dimension of ordered values.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="values">The values in order, at least one, all different, and all numbers or all texts.</param>
    /// <exception cref="ArgumentException">The name is empty, there is no value, one comes twice, or numbers stand among texts.</exception>
    public OrderedDimension(string name, params ParameterValue[] values)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0)
            throw new ArgumentException("An ordered dimension has at least one value; found none.", nameof(values));
        var seen = new HashSet<ParameterValue>();
        foreach (ParameterValue value in values)
        {
            if (value.IsNumber != values[0].IsNumber)
                throw new ArgumentException($"The values are all numbers or all texts; found {values[0]} and {value}.", nameof(values));
            if (!seen.Add(value))
                throw new ArgumentException($"The values are all different; found {value} twice.", nameof(values));
        }
        Values = ValueList.Create(values);
    }

    /// <summary>The values in order.</summary>
    public ValueList<ParameterValue> Values { get; }

    /// <inheritdoc/>
    public override string Description =>
        $"ordered {string.Join(", ", Values.Select(value => value.IsNumber ? value.ToString() : $"\"{value}\""))}";

    /// <inheritdoc/>
    protected override long Count => Values.Count;

    /// <inheritdoc/>
    public override bool Contains(ParameterValue value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public override ParameterValue Read(ParameterValue value) => value;

    /// <inheritdoc/>
    protected override ParameterValue ValueAt(long index) => Values[(int)index];

    /// <inheritdoc/>
    protected override long NearestIndex(ParameterValue value) => IndexOf(value) is int index and >= 0
        ? index
        : throw new ArgumentException($"\"{Name}\" is {Description}; found {value}.", nameof(value));

    /// <inheritdoc/>
    protected override Dimension Part(long first, long last) =>
        new OrderedDimension(Name, Values.AsSpan()[(int)first..((int)last + 1)].ToArray());

    private int IndexOf(ParameterValue value) => Values.AsSpan().IndexOf(value);
}
