namespace DeepLearn.Search.Spaces;

/// <summary>
/// A hyper-parameter with a fixed value. It is part of the search's identity and of every trial, and can be searched later.
/// </summary>
/// <example><code>
/// // Fixed in this search; the objective reads it like any other.
/// var space = new SearchSpace(new LogUniformDimension("rate", 1e-4, 1e-1), new ConstantDimension("units", 50));
/// </code></example>
public sealed record ConstantDimension : IndexedDimension<ParameterValue>
{
    /// <summary>Makes a constant.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public ConstantDimension(string name, ParameterValue value)
        : base(name) => Value = value;

    /// <summary>The value.</summary>
    public ParameterValue Value { get; }

    /// <inheritdoc/>
    public override string Description => Value.IsNumber ? $"constant {Value}" : $"constant \"{Value}\"";

    /// <inheritdoc/>
    protected override long Count => 1;

    /// <inheritdoc/>
    public override ParameterValue Read(ParameterValue value) => value;

    /// <inheritdoc/>
    protected override ParameterValue ValueAt(long index) => Value;

    /// <inheritdoc/>
    protected override long NearestIndex(ParameterValue value) => value.IsNumber == Value.IsNumber
        ? 0
        : throw new ArgumentException($"\"{Name}\" is {Description}; found {value}.", nameof(value));

    /// <inheritdoc/>
    protected override Dimension Part(long first, long last) => new ConstantDimension(Name, Value);
}
