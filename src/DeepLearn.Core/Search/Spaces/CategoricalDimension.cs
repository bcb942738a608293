using DeepLearn.Foundation;

namespace DeepLearn.Search.Spaces;

/// <summary>One of several texts, all equally likely.</summary>
/// <example><code>var optimizer = new CategoricalDimension("optimizer", "sgd", "adam");</code></example>
public sealed record CategoricalDimension : Dimension<string>
{
    /// <summary>Makes a categorical dimension.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="choices">The texts, at least one and all different.</param>
    /// <exception cref="ArgumentException">The name is empty, there is no choice, or one comes twice.</exception>
    public CategoricalDimension(string name, params string[] choices)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (choices.Length == 0)
            throw new ArgumentException("A categorical dimension has at least one choice; found none.", nameof(choices));
        var seen = new HashSet<string>();
        foreach (string choice in choices)
        {
            ArgumentNullException.ThrowIfNull(choice, nameof(choices));
            WellFormedText.Require(choice, nameof(choices));
            if (!seen.Add(choice))
                throw new ArgumentException($"The choices are all different; found \"{choice}\" twice.", nameof(choices));
        }
        Choices = ValueList.Create(choices);
    }

    /// <summary>The texts in order.</summary>
    public ValueList<string> Choices { get; }

    /// <inheritdoc/>
    public override string Description => $"one of {string.Join(", ", Choices.Select(c => $"\"{c}\""))}";

    /// <inheritdoc/>
    public override ParameterValue At(double position) => new(Choices[IndexAt(position)]);

    /// <summary>The position of a choice: the middle of the positions that give it.</summary>
    /// <inheritdoc/>
    public override double PositionOf(ParameterValue value)
    {
        int index = IndexOf(value);
        return index >= 0
            ? (index + 0.5) / Choices.Count
            : throw new ArgumentException($"\"{Name}\" is {Description}; found {value}.", nameof(value));
    }

    /// <inheritdoc/>
    public override bool Contains(ParameterValue value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public override string Read(ParameterValue value) => value.Text;

    /// <summary>
    /// The choices among the good values, in the order of this dimension; choices have no neighbors, so there is no margin.
    /// </summary>
    /// <inheritdoc/>
    public override Dimension Around(ReadOnlySpan<ParameterValue> values, double margin)
    {
        if (values.IsEmpty)
            throw new ArgumentException("A range is narrowed around at least one value; found none.", nameof(values));
        var kept = new bool[Choices.Count];
        foreach (ParameterValue value in values)
            kept[(int)(PositionOf(value) * Choices.Count)] = true;
        return new CategoricalDimension(Name, [.. Choices.Where((_, index) => kept[index])]) { Condition = Condition };
    }

    /// <inheritdoc/>
    public override double ValueCount => Choices.Count;

    /// <summary>The number of choices: a grid has them all.</summary>
    /// <inheritdoc/>
    public override int GridCount(int points) => Choices.Count;

    /// <inheritdoc/>
    public override ParameterValue GridPoint(int index, int count) => new(Choices[index]);

    /// <inheritdoc/>
    protected override Dimension PartBetween(double low, double high) =>
        new CategoricalDimension(Name, Choices.AsSpan()[IndexAt(low)..(IndexAt(high) + 1)].ToArray());

    private int IndexAt(double position) => (int)Math.Clamp(Math.Floor(position * Choices.Count), 0, Choices.Count - 1);

    private int IndexOf(ParameterValue value)
    {
        for (int i = 0; i < Choices.Count && !value.IsNumber; i++)
        {
            if (Choices[i] == value.Text)
                return i;
        }
        return -1;
    }
}
